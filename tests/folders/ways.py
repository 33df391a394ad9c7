"""The ways in which a result may know the folder that it was made in.

A way is a source, options, and what is expected of two folders whose trees are alike: FREE (the second one takes the result of
the first), BOUND (it does not), each without and with -ffile-prefix-map for both roots. `knows`: the compiler's objects differ
between the folders when nothing is mapped, so that a cache which overlooks this way is wrong.

In texts and options {source} and {build} are the roots, {first} is the source root of the first folder in both folders, {other}
a folder that belongs to neither.
"""

from dataclasses import dataclass, field

FREE, BOUND, REFUSED = "free", "bound", "refused"


@dataclass
class Way:
    name: str
    text: str
    options: list = field(default_factory=list)
    plain: str = FREE
    mapped: str = FREE
    mapped_by_clang: str = ""  # where that is something else
    knows: bool = False
    knows_mapped: bool = False
    files: dict = field(default_factory=dict)  # beside the source; "-> x": a link to x
    second: dict = field(default_factory=dict)  # further ones in the second folder
    language: str = "cc"
    only: str = ""
    bytes_vary: bool = False  # the compiler writes others each time
    source: str = "{source}/{name}/x.{language}"  # as the command names it
    wrapper: bool = False
    environment: dict = field(default_factory=dict)


FUNCTION = "int f(int x) { return x + 1; }\n"
HASH = """constexpr unsigned hash(const char* s) { unsigned h = 5; while (*s) h = h * 33 + *s++; return h; }
unsigned f() { constexpr unsigned h = hash(%s); return h; }
"""
ASSERT = "#include <cassert>\nint f(int x) { assert(x > 0); return x; }\n"

WAYS = [
    Way("plain", FUNCTION),
    Way("headers", "#include <string>\n#include <map>\n#include \"h.h\"\nstd::string f() { return H; }\n", ["-O2", "-DNDEBUG"],
        files={"h.h": "#pragma once\n#define H \"h\"\n"}),
    Way("anonymous", "#include <iostream>\nnamespace { struct S { S(); } s; S::S() {} int g; }\nint* f() { return &g; }\n", ["-O2"]),
    Way("assert_off", ASSERT, ["-DNDEBUG"]),
    # glibc's assert and libstdc++'s mention __PRETTY_FUNCTION__, too.
    Way("assert_on", ASSERT, mapped_by_clang=BOUND, plain=BOUND, knows=True),
    Way("assert_on_again", ASSERT, ["-DNDEBUG", "-UNDEBUG"], mapped_by_clang=BOUND, plain=BOUND, knows=True),
    Way("assert_on_by_source", "#undef NDEBUG\n" + ASSERT, ["-DNDEBUG"], mapped_by_clang=BOUND, plain=BOUND, knows=True),
    Way("assert_on_by_header", "#include \"h.h\"\n" + ASSERT, ["-DNDEBUG"], mapped_by_clang=BOUND, plain=BOUND, knows=True,
        files={"h.h": "#undef NDEBUG\n"}),
    Way("library_assertions", "#include <vector>\nint f(std::vector<int>& v) { return v[3]; }\n", ["-DNDEBUG", "-D_GLIBCXX_ASSERTIONS"],
        mapped_by_clang=BOUND, plain=BOUND),
    Way("file", "const char* f() { return __FILE__; }\n", plain=BOUND, knows=True),
    Way("file_of_header", "#include \"h.h\"\nconst char* g() { return f(); }\n", plain=BOUND, knows=True,
        files={"h.h": "inline const char* f() { return __FILE__; }\n"}),
    Way("hash", HASH % "__FILE__", plain=BOUND, knows=True),
    Way("size", "unsigned f() { return sizeof __FILE__; }\n", plain=BOUND, knows=True),
    Way("wide", "#define W2(x) L##x\n#define W(x) W2(x)\nconst wchar_t* f() { return W(__FILE__); }\n", plain=BOUND, knows=True),
    Way("base_file", HASH % "__BASE_FILE__", plain=BOUND, knows=True),
    Way("builtin_file", HASH % "__builtin_FILE()", plain=BOUND, knows=True),
    Way("source_location", "#include <source_location>\n" + HASH % "std::source_location::current().file_name()",
        ["-std=c++20"], plain=BOUND, knows=True, only="gcc"),
    # Clang names a lambda by its path, whatever is mapped; GCC does not.
    Way("name_of_lambda", "constexpr unsigned hash(const char* s) { unsigned h = 5; while (*s) h = h * 33 + *s++; return h; }\n"
        "template <class T> constexpr unsigned name(T) { return hash(__PRETTY_FUNCTION__); }\n"
        "unsigned f() { constexpr unsigned h = name([] {}); return h; }\n", ["-std=c++17"], plain=BOUND, mapped=BOUND, knows=True,
        knows_mapped=True, only="clang"),
    Way("debug_lambda", "template <class T> int g(T t) { return t(); }\nint f() { return g([] { return 1; }); }\n", ["-g", "-std=c++17"],
        plain=BOUND, knows=True),
    Way("name_of_function", "const char* f() { return __func__; }\n"),
    Way("file_name_only", "const char* f() { return __FILE_NAME__; }\n"),
    Way("behind_macros", "#include \"h.h\"\n" + HASH % "HERE", plain=BOUND, knows=True,
        files={"h.h": "#define C __FILE__\n#define B(x) x C\n#define HERE B()\n"}),
    Way("macro_not_used", "#define HERE __FILE__\n" + FUNCTION),
    Way("macro_of_command", HASH % "HERE", ["-DHERE=__FILE__"], plain=BOUND, knows=True),
    Way("pasted", "#define CAT(a, b) a##b\n" + HASH % "CAT(__FI, LE__)", plain=BOUND, knows=True),
    Way("pasted_thrice", "#define CAT(a, b, c) a##b##c\n" + HASH % "CAT(__, FILE, __)", plain=BOUND, knows=True),
    Way("pasted_name", "#include \"h.h\"\n" + HASH % "PLACE(INFO)", plain=BOUND, knows=True,
        files={"h.h": "#define PLACE_INFO __FILE__\n#define PLACE(x) PLACE_##x\n"}),
    Way("spliced", HASH % "__FI\\\nLE__", plain=BOUND, knows=True),
    Way("trigraph", HASH % "__FI??/\nLE__", ["-trigraphs", "-w"], plain=BOUND, mapped=BOUND, knows=True),
    Way("digraph", "%:define HERE __FILE__\n" + HASH % "HERE", plain=BOUND, knows=True),
    Way("never_compiled", "#if 0\nconst char* f() { return __FILE__; }\n#endif\n" + FUNCTION),
    Way("in_comment_and_string", "// __FILE__\n/* __FILE__ */\nconst char* f() { return \"__FILE__\"; }\n"),
    Way("message", "#pragma message(__FILE__)\n" + FUNCTION, plain=BOUND, mapped=BOUND),
    Way("warning", "int f(int x) { return 1; }\n", ["-Wall", "-Wextra"], plain=BOUND, mapped=BOUND),
    Way("line_and_file", "#line 7 \"other.cc\"\nconst char* f() { return __FILE__; }\n", plain=BOUND),
    Way("line_relative", "#line 7 \"other.cc\"\n" + FUNCTION),
    Way("line_into_first", "#line 7 \"{first}/other.cc\"\n" + HASH % "__FILE__", plain=BOUND, mapped=BOUND, knows_mapped=True),
    Way("line_by_macro", "#define F \"{first}/other.cc\"\n#line 7 F\n" + HASH % "__FILE__", plain=BOUND, mapped=BOUND, knows_mapped=True),
    Way("linemarker", "# 7 \"{first}/other.cc\"\n" + HASH % "__FILE__", plain=BOUND, mapped=BOUND, knows_mapped=True),
    Way("include_of_first", "#include \"{first}/include_of_first/h.h\"\n" + FUNCTION, plain=BOUND, mapped=BOUND,
        files={"h.h": HASH.replace("f()", "g()") % "__FILE__"}, knows_mapped=True),
    Way("computed_include_of_first", "#define H \"{first}/computed_include_of_first/h.h\"\n#include H\n" + FUNCTION,
        plain=BOUND, mapped=BOUND, files={"h.h": HASH.replace("f()", "g()") % "__FILE__"}, knows_mapped=True),
    Way("computed_include", "#define H \"h.h\"\n#include H\n" + FUNCTION, files={"h.h": "int g();\n"}),
    Way("probe_of_first", "#if __has_include(\"{first}/probe_of_first/y.h\")\nint y;\n#endif\n", plain=BOUND, mapped=BOUND),
    Way("option_with_folder", "const char* f() { return DATA; }\n", ["-DDATA=\"{source}/data\""], plain=BOUND, mapped=BOUND, knows=True,
        knows_mapped=True),
    Way("folder_of_neither", "#include <o.h>\nint f() { return O; }\n", ["-I", "{other}"]),
    Way("search_folder", "#include <h.h>\nint f() { return H; }\n", ["-I{source}/search_folder/inc"],
        files={"inc/h.h": "#define H 1\n"}),
    Way("forced_include", "int f() { return H; }\n", ["-include", "{source}/forced_include/h.h"], files={"h.h": "#define H 1\n"}),
    Way("response_file", "int f() { return H; }\n", ["@{source}/response_file/options"], files={"options": "-DH=1 -O2\n"}),
    Way("debug", FUNCTION, ["-g"], plain=BOUND, knows=True),
    Way("debug_3", "#define M 1\n" + FUNCTION, ["-g3"], plain=BOUND, knows=True),
    Way("debug_4", FUNCTION, ["-gdwarf-4"], plain=BOUND, knows=True),
    Way("debug_compressed", FUNCTION, ["-g", "-gz"], plain=BOUND, knows=True),
    Way("debug_types", "struct A { int x; };\nint f(A* a) { return a->x; }\n", ["-g", "-O2"], plain=BOUND, knows=True),
    Way("debug_header", "#include \"h.h\"\nint g() { return f(); }\n", ["-g"], plain=BOUND, knows=True,
        files={"h.h": "inline int f() { return __LINE__; }\n"}),
    Way("debug_off", FUNCTION, ["-g0"]),
    Way("debug_split", FUNCTION, ["-g", "-gsplit-dwarf"], plain=BOUND, mapped=BOUND, knows=True, bytes_vary=True),
    Way("debug_of_source_only", FUNCTION, ["-g", "-fdebug-prefix-map={source}=/only"], plain=BOUND, knows=True),
    Way("another_map", FUNCTION, ["-g", "-ffile-prefix-map={source}={other}/{unique}", "-ffile-prefix-map={build}=/B"], plain=BOUND,
        mapped=BOUND, knows=True),
    Way("recorded_options", FUNCTION, ["-frecord-gcc-switches"], plain=BOUND, mapped=BOUND),
    Way("coverage", FUNCTION, ["--coverage"], plain=BOUND, mapped=BOUND, knows=True, bytes_vary=True),
    Way("profile", FUNCTION, ["-fprofile-generate"], plain=BOUND, mapped=BOUND, bytes_vary=True),
    Way("sanitizer", "int f(int a) { return 1 << a; }\n", ["-fsanitize=undefined"], plain=BOUND, mapped=BOUND, knows=True, knows_mapped=True),
    Way("lto", FUNCTION, ["-flto"], plain=BOUND, mapped=BOUND, bytes_vary=True),
    Way("random_seed", FUNCTION, ["-frandom-seed=1"], plain=BOUND, mapped=BOUND),
    Way("unique_names", "static int g() { return 1; }\nint (*p)() = g;\n", ["-funique-internal-linkage-names"], plain=BOUND, mapped=BOUND,
        knows=True, only="clang"),
    Way("frontend_option", FUNCTION, ["-Xclang", "-fno-pch-timestamp"], plain=BOUND, mapped=BOUND, only="clang"),
    Way("kept_temporaries", FUNCTION, ["-save-temps"], plain=REFUSED, mapped=REFUSED),
    Way("assembler_includes_bytes", "asm(\".incbin \\\"{source}/assembler_includes_bytes/x.cc\\\"\");\n", plain=REFUSED, mapped=REFUSED),
    Way("assembler_source", "nop\n", plain=BOUND, mapped=BOUND, language="S"),
    Way("clang_modules", FUNCTION, ["-fmodules", "-fcxx-modules"], plain=REFUSED, mapped=REFUSED, only="clang"),
    Way("precompiled", "#pragma once\nint f();\n", ["-x", "c++-header"], plain=BOUND, mapped=BOUND, bytes_vary=True),
    Way("wrapper", FUNCTION, plain=BOUND, mapped=BOUND, wrapper=True),
    Way("linked_header", "#include \"h.h\"\n" + FUNCTION, plain=BOUND, mapped=BOUND,
        files={"real.h": "int g();\n", "h.h": "-> real.h"}),
    Way("header_outside_by_link", "#include \"inc/o.h\"\nint f() { return O; }\n", plain=BOUND, mapped=BOUND, files={"inc": "-> {other}"}),
    # GCC tells such files by their times, and nothing is kept for now.
    Way("twins", "#include \"a/h.h\"\n#include \"b/h.h\"\n" + FUNCTION, plain=BOUND, mapped=BOUND, only="clang",
        files={"a/h.h": "#pragma once\nint g();\n", "b/h.h": "#pragma once\nint g();\n"}),
    Way("climbs_out", FUNCTION, plain=BOUND, mapped=BOUND, source="{build}/../source/{name}/x.cc"),
    Way("relative", FUNCTION, plain=BOUND, mapped=BOUND, source="../source/{name}/x.cc"),
    Way("environment", FUNCTION, plain=BOUND, mapped=BOUND, environment={"CPATH": "{source}/environment/inc"}),
    # Right, and not the same: a hit here would be wrong.
    Way("another_header", "#include \"h.h\"\nint f() { return H; }\n", plain=BOUND, mapped=BOUND, knows=True, knows_mapped=True,
        files={"h.h": "#define H 1\n"}, second={"h.h": "#define H 2\n"}),
    Way("another_header_in_front", "#include <h.h>\nint f() { return H; }\n",
        ["-I{source}/another_header_in_front/a", "-I{source}/another_header_in_front/b"], plain=BOUND, mapped=BOUND, knows=True, knows_mapped=True,
        files={"b/h.h": "#define H 1\n", "a/x.h": ""}, second={"a/h.h": "#define H 2\n"}),
    Way("probe", "#if __has_include(\"y.h\")\nint y;\n#endif\nint z;\n", plain=BOUND, mapped=BOUND, knows=True, knows_mapped=True, second={"y.h": ""}),
    Way("probe_alike", "#if __has_include(\"y.h\")\nint y;\n#endif\nint z;\n"),
]
