"""What `__has_include` asked for appears, or goes."""

import os

from cases import case

@case("a file appears that `__has_include` asked for, and goes")
def has_include(s):
    s.source('#if __has_include("option.h")\nint x = 1;\n#else\nint x = 2;\n#endif\n', "-Iinclude")
    os.mkdir(s.path("include"))
    yield
    s.write("include/option.h", "")
    yield
    s.same_result = True
    os.unlink(s.path("include/option.h"))


@case("a file appears that a macro with `__has_include` inside asked for")
def has_include_in_macro(s):
    s.source('#define HAS(x) __has_include(x)\n#if HAS("option.h")\nint x = 1;\n#else\nint x = 2;\n#endif\n', "-I.")
    yield
    s.write("option.h", "")


@case("the same, with the macro in a header of another folder")
def has_include_in_macro_elsewhere(s):
    s.write("macros/has.h", '#define HAS __has_include("option.h")\n')
    s.source('#include "macros/has.h"\n#if HAS\nint x = 1;\n#else\nint x = 2;\n#endif\n')
    yield
    s.write("option.h", "")
