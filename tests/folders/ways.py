"""The ways in which a result may know the folder that it was made in.

A way is a source, options, and what is expected of two folders whose trees are alike: FREE (the second one takes the result of
the first), BOUND (it does not), each without and with -ffile-prefix-map for both roots. `knows`: the compiler's objects differ
between the folders when nothing is mapped, so that a cache which overlooks this way is wrong.

In texts and options {source} and {build} are the roots, {first} is the source root of the first folder in both folders, {second} that of the second, {other}
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
    # Held to be defined, or to be true, by compilers that do not list them among their macros.
    Way("true_in_a_condition", "#if true\n" + HASH % "__FILE__" + "#endif\n", plain=BOUND, knows=True),
    Way("operator_is_defined", "#ifdef __has_include\n" + HASH % "__FILE__" + "#endif\n", plain=BOUND, knows=True),
    Way("operator_is_not_undefined", "#ifndef __has_cpp_attribute\n#else\n" + HASH % "__FILE__" + "#endif\n", plain=BOUND, knows=True),
    Way("counter_is_defined", "#if defined(__COUNTER__) && defined __INCLUDE_LEVEL__\n" + HASH % "__FILE__" + "#endif\n", plain=BOUND,
        knows=True),
    Way("line_in_a_condition", "#if __LINE__\n" + HASH % "__FILE__" + "#endif\n", plain=BOUND, knows=True),
    Way("pragma_operator_is_defined", "#if defined _Pragma\n" + HASH % "__FILE__" + "#endif\n", plain=BOUND, knows=True),
    Way("pragma_makes_a_macro", "#pragma GCC target(\"avx2\")\n#ifdef __AVX2__\nunsigned f(void) { return sizeof(__FILE__); }\n#endif\n",
        ["-x", "c"], plain=BOUND, knows=True, only="gcc"),
    Way("pragma_takes_a_macro", "#pragma GCC optimize(\"O0\")\n#ifndef __OPTIMIZE__\nunsigned f(void) { return sizeof(__FILE__); }\n#endif\n",
        ["-x", "c", "-O2"], plain=BOUND, knows=True, only="gcc"),
    # What an #if says may not be what its words say.
    Way("comma_in_a_condition", "#if 0 && X, 1\n" + HASH % "__FILE__" + "#endif\n", ["-w"], plain=BOUND, knows=True, only="gcc"),
    Way("comma_before_else", "#if __cplusplus || X, 0\n#else\n" + HASH % "__FILE__" + "#endif\n", ["-w"], plain=BOUND, knows=True,
        only="gcc"),
    Way("word_for_an_operator", "#if 0 && X or 1\n" + HASH % "__FILE__" + "#endif\n", plain=BOUND, knows=True),
    Way("macro_of_operators", "#define X 1 || 1\n#if 0 && X\n" + HASH % "__FILE__" + "#endif\n", plain=BOUND, knows=True),
    Way("macro_of_operators_in_command", "#if X && defined(Y)\n" + HASH % "__FILE__" + "#endif\n", ["-DX=1 || 1"], plain=BOUND,
        knows=True),
    Way("macro_of_operators_and_else", "#define X 1 ? 0 : 0\n#if defined(__cplusplus) || X\n#else\n" + HASH % "__FILE__" + "#endif\n",
        plain=BOUND, knows=True),
    # Names that go on with more than letters.
    Way("name_by_its_number", "#define P\\u00e9 __FILE__\n" + HASH % "P\u00e9", plain=BOUND, mapped=BOUND, knows=True),
    Way("name_of_other_letters", "#define \u00e9 __FILE__\n" + HASH % "\u00e9", plain=BOUND, mapped=BOUND, knows=True),
    Way("other_letters_in_a_condition", "#ifndef A\u00e9\n" + HASH % "__FILE__" + "#endif\n", ["-DA"], plain=BOUND, mapped=BOUND, knows=True),
    Way("dollar_in_a_condition", "#ifndef A$x\n" + HASH % "__FILE__" + "#endif\n", ["-DA"], plain=BOUND, mapped=BOUND, knows=True),
    Way("dollar_pasted", "#define X$B __FILE__\n#define P X ## $B\n" + HASH % "P", plain=BOUND, mapped=BOUND, knows=True),
    Way("va_opt_pasted", "#define P(x, ...) __FI ## __VA_OPT__(LE__)\n" + HASH % "P(1, 2)", ["-std=c++20"], plain=BOUND, mapped=BOUND,
        knows=True),
    Way("va_opt_pasted_to", "#define P(x, ...) __VA_OPT__(__FI) ## LE__\n" + HASH % "P(1, 2)", ["-std=c++20"], plain=BOUND,
        mapped=BOUND, knows=True),
    Way("pasted_of_many", "#define C2(a, b) a##b\n#define C(a, b) C2(a, b)\n" + HASH % "C(C(C(_, _), FI), C(LE, C(_, _)))", plain=BOUND,
        knows=True),
    Way("pasted_again", "#define A(x) __##x\n#define C2(a, b) a##b\n#define C(a, b) C2(a, b)\n" + HASH % "C(A(FI), LE__)", plain=BOUND,
        knows=True),
    Way("pasted_by_the_system", "#include <sys/socket.h>\n#include <stdio.h>\nvoid f(FILE*, int) {}\n", ["-DNDEBUG"]),
    # Where comments and literals end hangs on the dialect.
    Way("mark_of_byte_order", "\ufeff#undef NDEBUG\n" + ASSERT, ["-DNDEBUG"], mapped_by_clang=BOUND, plain=BOUND, knows=True),
    Way("mark_of_byte_order_only", "\ufeff" + FUNCTION),
    Way("carriage_return_alone", HASH.replace("unsigned f", "// c\runsigned f") % "__FILE__", plain=BOUND, mapped=BOUND, only="clang",
        knows=True),
    Way("lines_of_another_system", HASH.replace("\n", "\r\n") % "__func__"),
    Way("c89_comment", "unsigned f(void) { return 1000 //**/ sizeof(__FILE__)\n; }\n", ["-x", "c", "-std=c89"], plain=BOUND, mapped=BOUND,
        knows=True),
    Way("c89_comment_in_command", "unsigned f(void) { return X\n; }\n", ["-x", "c", "-std=c89", "-DX=1000 //**/ sizeof(__FILE__)"],
        plain=BOUND, mapped=BOUND, knows=True, only="gcc"),
    Way("c99_comment", "int f(void) { return 1; } // __FILE__\n", ["-x", "c", "-std=c99"]),
    Way("quote_in_a_number_in_c", "#define N(x) #x\n#define M(x) N(x)\nunsigned f(void) { return sizeof(M(1'0' __FILE__)); }\n",
        ["-x", "c", "-w"], plain=BOUND, mapped=BOUND, knows=True),
    Way("quote_in_a_number", "int f() { return 1'000; }\n"),
    Way("raw_literal_in_c", "#define N(x) #x\n#define M(x) N(x)\nunsigned f(void) { return sizeof(M((R\"(a\" )\" \" __FILE__ \"x\")); }\n",
        ["-x", "c", "-std=c99"], plain=BOUND, mapped=BOUND, knows=True),
    Way("raw_literal", "const char* f() { return R\"({\"a\":\n1})\"; }\n"),
    Way("raw_literal_with_splice", HASH % "R\"x()\\\nx\" )x\") + sizeof(__FILE__) + hash(\"x\"", plain=BOUND, mapped=BOUND, knows=True),
    Way("comment_in_a_probe", "#if __has_include(\"x/*y\")\n#endif\n" + HASH % "__FILE__" + "/* */\n", plain=BOUND, knows=True),
    Way("comment_in_a_probe_of_system", "#if __has_include(<x/*y>)\n#endif\n" + HASH % "__FILE__" + "/* */\n", plain=BOUND, mapped=BOUND,
        knows=True),
    Way("comment_in_a_warning", "#warning a /*\n#if 0\n*/\n" + HASH % "__FILE__" + "/*\n#endif\n*/\n", ["-w"], plain=BOUND,
        mapped=BOUND, knows=True, only="gcc"),
    Way("apostrophe_in_an_error", "#if 0\n#error don't\n#endif\n" + FUNCTION, ["-w"]),
    Way("pragma_in_a_literal", "void g(int*);\nvoid f(int* p) {\n_Pragma(\"unroll(sizeof(__FILE__) % 4 + 1)\")\n"
        "for (int i = 0; i < 1000; ++i) g(p + i);\n}\n", ["-O2"], plain=BOUND, knows=True, only="clang"),
    Way("pragma_by_a_macro", "#define P(x) _Pragma(x)\nvoid g(int*);\nvoid f(int* p) {\nP(\"GCC unroll 4\")\n"
        "for (int i = 0; i < 1000; ++i) g(p + i);\n}\n", ["-O2"], plain=BOUND, mapped=BOUND),
    Way("pragma_of_a_macros_words", "#define P(x) _Pragma(#x)\nP(GCC diagnostic ignored \"-Wall\")\n" + FUNCTION),
    Way("shown_structure", "unsigned total;\ninline int add(const char* s, ...) { total += __builtin_strlen(s); return 0; }\n"
        "struct { int x; } a;\nvoid f() { __builtin_dump_struct(&a, &add); }\n", ["-O2"], plain=BOUND, mapped=BOUND, only="clang"),
    Way("charset", FUNCTION, ["-finput-charset=UTF-8"], plain=BOUND, mapped=BOUND),
    # Options by which macros come and go.
    Way("defined_by_preprocessor_option", "#ifdef B\n" + HASH % "__FILE__" + "#endif\n", ["-Wp,-DA,-DB"], plain=BOUND, mapped=BOUND, knows=True),
    Way("defined_by_one_preprocessor_option", "#ifdef B\n" + HASH % "__FILE__" + "#endif\n", ["-Wp,-DB"], plain=BOUND, knows=True),
    Way("another_preprocessor_option", "#ifdef B\n" + HASH % "__FILE__" + "#endif\n" + FUNCTION, ["-Wp,-DA"]),
    Way("defined_by_handed_option", "#ifdef B\n" + HASH % "__FILE__" + "#endif\n", ["-Xpreprocessor", "-DB"], plain=BOUND, knows=True,
        mapped=BOUND),
    Way("defined_by_long_option", "#ifdef B\n" + HASH % "__FILE__" + "#endif\n", ["--define-macro=B"], plain=BOUND, knows=True,
        mapped=BOUND),
    Way("defined_by_two_words", "#ifdef B\n" + HASH % "__FILE__" + "#endif\n", ["-D", "B"], plain=BOUND, knows=True),
    Way("undefined_by_long_option", ASSERT, ["-DNDEBUG", "--undefine-macro=NDEBUG"], plain=BOUND, mapped=BOUND, knows=True),
    Way("undefined_by_preprocessor_option", ASSERT, ["-DNDEBUG", "-Wp,-UNDEBUG"], plain=BOUND, mapped_by_clang=BOUND, knows=True),
    Way("undefined_by_forced_macros", ASSERT, ["-DNDEBUG", "-imacros", "{source}/undefined_by_forced_macros/h.h"], plain=REFUSED,
        mapped=REFUSED, knows=True, files={"h.h": "#undef NDEBUG\n"}),
    Way("undefined_by_digraph", "%:undef NDEBUG\n" + ASSERT, ["-DNDEBUG"], plain=BOUND, mapped_by_clang=BOUND, knows=True),
    Way("undefined_behind_a_comment", "/*\n*/ # /* c */ un\\\ndef NDEBUG\n" + ASSERT, ["-DNDEBUG"], plain=BOUND, mapped_by_clang=BOUND,
        knows=True),
    Way("defined_by_standard", "#ifdef linux\n" + HASH % "__FILE__" + "#endif\n", ["-std=gnu++17"], plain=BOUND, knows=True),
    Way("not_defined_by_standard", "#ifndef linux\n" + HASH % "__FILE__" + "#endif\n", ["-std=c++17"], plain=BOUND, knows=True),
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
    Way("probe_of_first_by_macro", "#define P \"{first}/probe_of_first_by_macro/y.h\"\n#if __has_include(P)\nint y;\n#endif\n", plain=REFUSED,
        mapped=REFUSED),
    Way("probe_of_first_by_two_macros", "#define P \"{first}/probe_of_first_by_two_macros/y.h\"\n#define HAS __has_include\n"
        "#if HAS(P)\nint y;\n#endif\n", ["-w"], plain=REFUSED, mapped=REFUSED),
    Way("probe_out_and_back", "#if __has_include(\"../../../first/source/probe_out_and_back/y.h\")\nint y;\n#endif\n", plain=BOUND,
        mapped=BOUND, files={"y.h": ""}, knows=True, knows_mapped=True),
    Way("include_out_and_back", "#include \"../../source/include_out_and_back/y.h\"\n" + FUNCTION, plain=BOUND, mapped=BOUND,
        files={"y.h": "int y;\n"}),
    Way("option_with_folder", "const char* f() { return DATA; }\n", ["-DDATA=\"{source}/data\""], plain=BOUND, mapped=BOUND, knows=True,
        knows_mapped=True),
    Way("folder_of_neither", "#include <o.h>\nint f() { return O; }\n", ["-I", "{other}"]),
    # Maps take a path by its beginning, be that in the middle of a name.
    Way("begins_like_the_first", "#include <o.h>\n" + FUNCTION, ["-I{first}2"], plain=BOUND, mapped=BOUND,
        files={"../../source2/o.h": HASH.replace("f()", "g()") % "__FILE__"}, knows_mapped=True),
    Way("begins_like_the_second", "#include <o.h>\n" + FUNCTION, ["-I{second}2"], plain=BOUND, mapped=BOUND,
        files={"../../source2/o.h": HASH.replace("f()", "g()") % "__FILE__"}, knows_mapped=True),
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
    Way("debug_split", FUNCTION, ["-g", "-gsplit-dwarf"], plain=BOUND, knows=True),
    Way("debug_split_of_headers", "#include <string>\n#include \"h.h\"\nstd::string f(S s) { return s.s; }\n",
        ["-g", "-O2", "-gdwarf-4", "-gsplit-dwarf"], plain=BOUND, knows=True, files={"h.h": "struct S { std::string s; };\n"}),
    # GCC maps no path in the line table of such a .dwo.
    Way("debug_split_3", "#include <string>\n" + FUNCTION, ["-g3", "-gsplit-dwarf", "-gz"], plain=BOUND, mapped=BOUND, knows=True),
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
