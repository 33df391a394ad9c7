"""The generated project: which files it has at first, what their text is, and its CMakeLists.txt.

The model is everything that CMakeLists.txt and the command line say; it is plain data (JSON), so that a snapshot of the source
tree can hold it too. The texts are cheap to compile: a step of the fuzzer builds all of them, some of them three times.
"""


HEADERS = ["alpha.h", "beta.h", "gamma.h", "delta.h", "util/epsilon.h", "util/zeta.h", "eta.h", "theta.h"]
# In the order of the search. inc/late does not exist at first, inc/link is a link to one of the others.
LAYERS = ["inc/one", "inc/late", "inc/link", "inc/two", "inc/three"]
SYSTEM = "sys"
LINK = "inc/link"
LINK_TARGETS = ["spare", "spare", "spare", "nowhere", "nowhere", "two", "three"]  # the last two make all compiles uncacheable
BASE = "inc/three"  # has each header at first, so that the project builds
TARGETS = {"core": ".cpp", "clib": ".c", "objs": ".cpp", "pre": ".cpp", "reuse": ".cpp", "cpre": ".c", "app": ".cpp"}
SIZES = {"core": 4, "clib": 3, "objs": 2, "pre": 2, "reuse": 1, "cpre": 2, "app": 2}

# Options that leave bytes that can be compared: the same compile twice gives the same object.
FLAGS = ["-g", "-g1", "-O1", "-O2", "-Wall", "-Wextra", "-Wshadow", "-Wundef", "-ffunction-sections", "-fno-inline", "-fPIC",
         "-fstack-usage", "-fdiagnostics-color=always", "-fno-common", "-DEXTRA=1", "-DEXTRA=2", "-UEXTRA", "-march=native",
         "-include${CMAKE_SOURCE_DIR}/inc/three/theta.h", "-iquote${CMAKE_SOURCE_DIR}/inc/quote",
         "-idirafter${CMAKE_SOURCE_DIR}/inc/after", "-ffile-prefix-map=${CMAKE_SOURCE_DIR}=/src", "-fdata-sections",
         "-MMD", "-MP", "-Wsystem-headers", "-w", "-Werror=unused-function", "-fno-strict-aliasing", "-DFRESH_${CMAKE_BUILD_TYPE}"]
ENVIRONMENT = {"CPATH": ["{src}/inc/environment", "{src}/inc/two"], "C_INCLUDE_PATH": ["{src}/inc/environment"],
               "CPLUS_INCLUDE_PATH": ["{src}/inc/environment"], "SOURCE_DATE_EPOCH": ["1000000000", "1100000000"],
               "TZ": ["Asia/Tokyo"], "GCC_COLORS": ["error=01;31:warning=01;35"], "LC_ALL": ["C.UTF-8"]}


def number(rng):
    return rng.randrange(1000, 10000)


def macro(name):
    return "V_" + name.split("/")[-1].split(".")[0].upper()


def include_line(rng, name):
    return f"#include <{name}>" if rng.random() < 0.5 else f'#include "{name}"'


def header_body(rng, name, layer):
    """Lines of one header. It leads only to headers that are later in HEADERS, so there are no circles."""
    unique = (layer + "/" + name).translate(str.maketrans("/.-", "___"))
    lines = [f"#undef {macro(name)}", f"#define {macro(name)} {number(rng)}"]
    later = HEADERS[HEADERS.index(name) + 1:] if name in HEADERS else []
    others = rng.sample(later, min(len(later), rng.choice([0, 1, 1, 2])))
    for other in others:
        shape = rng.random()
        if shape < 0.4:
            lines.append(include_line(rng, other))
        elif shape < 0.6:
            lines += [f"#if CFG > {rng.randrange(3)}", include_line(rng, other), "#endif"]
        elif shape < 0.75:
            lines += [f"#if __has_include(<{other}>)", include_line(rng, other), "#else", f"#define NO_{macro(other)}", "#endif"]
        elif shape < 0.85:
            lines += [f"#undef LEAD_{macro(name)}", f'#define LEAD_{macro(name)} "{other}"', f"#include LEAD_{macro(name)}"]
        else:
            lines += ["#ifdef EXTRA", include_line(rng, other), "#endif"]
    if rng.random() < 0.15:
        lines += [f"#if __has_include_next(<{name}>)", f"#include_next <{name}>", "#endif"]
    if rng.random() < 0.2:
        lines += [f'#if __has_include("{rng.choice(HEADERS)}.local") || __has_include(<absent/{name}>)', "#undef PROBED",
                  f"#define PROBED {number(rng)}", "#endif"]
    if rng.random() < 0.2:  # whoever uses the macro asks, from where that is
        asked = rng.choice([f'"{rng.choice(HEADERS)}.local"', f"<absent/{name}>", f'"{rng.choice(HEADERS)}"'])
        lines += [f"#undef ASK_{macro(name)}", f"#define ASK_{macro(name)} __has_include({asked})"]
    if rng.random() < 0.5:
        lines.append(f"static inline int in_{unique}(void) {{ return {macro(name)} + __LINE__; }}")
    if rng.random() < 0.25:
        lines.append(f"static const char* where_{unique}(void) {{ return __FILE__; }}")
    if rng.random() < 0.15:
        lines.append(f"#warning of {layer} {number(rng)}")
    return lines, unique


def header_text(rng, name, layer):
    lines, unique = header_body(rng, name, layer)
    if rng.random() < 0.5:
        lines.insert(0, "#pragma once")
    else:
        lines = [f"#ifndef {unique}_", f"#define {unique}_"] + lines + ["#endif"]
    return "\n".join(lines) + "\n"


def twin_text(rng, name):
    """Of no layer: copies of it are equal, byte for byte."""
    return f"#pragma once\n#ifdef {macro(name)}\n#define TWICE_{macro(name)}\n#endif\n#undef {macro(name)}\n" \
           f"#define {macro(name)} {rng.choice([1111, 2222])}\n"


def source_text(rng, path):
    unique = path.translate(str.maketrans("/.-", "___"))
    language = "c" if path.endswith(".c") else "c++"
    lines = [include_line(rng, name) for name in rng.sample(HEADERS, rng.randrange(1, 4))]
    if rng.random() < 0.3:
        lines.append("#include <generated.h>")
    if rng.random() < 0.3:
        lines.append("#include <stddef.h>")
    if rng.random() < 0.3:
        lines.append('#include "local.h"')
    if rng.random() < 0.25:
        lines.append(f"#if __has_include(<optional/{rng.choice(['one', 'two'])}.h>)\nint optional_{unique};\n#endif")
    lines.append(f"int tu_{unique}(int x);\nint tu_{unique}(int x) {{\n  int r = x + {number(rng)};")
    for name in [macro(header) for header in HEADERS + ["generated.h", "local.h", "pre.h"]] + ["PROBED"]:
        lines.append(f"#ifdef {name}\n  r += {name};\n#endif")
    asked = macro(rng.choice(HEADERS))
    lines.append(f"#ifdef ASK_{asked}\n#if ASK_{asked}\n  r += 7;\n#endif\n#endif")
    if rng.random() < 0.2:
        lines.append("  int unused = 0;")
    lines.append("  return r;\n}")
    if rng.random() < 0.3:
        lines.append(f"extern const char file_{unique}[];\nconst char file_{unique}[] = __FILE__;")
    if rng.random() < 0.07:
        lines.append('__asm__(".section .rodata\\n.incbin \\"" DATA "/blob.bin\\"\\n.text");')
    if language == "c++" and rng.random() < 0.2:
        lines.append(f"template <class T> T tmpl(T t) {{ return t + {number(rng)}; }}\ntemplate int tmpl(int);".replace(
            "tmpl", "tmpl_" + unique))
    return "\n".join(lines) + "\n"


def first_files(rng):
    """path -> text of the project at first."""
    files = {f"{BASE}/{name}": header_text(rng, name, BASE) for name in HEADERS}
    for layer in ["inc/one", "inc/two", SYSTEM, "inc/spare", "inc/after", "inc/quote", "inc/environment"]:
        for name in rng.sample(HEADERS, rng.randrange(1, 4)):
            files[f"{layer}/{name}"] = header_text(rng, name, layer)
    for target in SIZES:
        files[f"{target}/local.h"] = header_text(rng, "local.h", target)
    for folder in ["pre", "cpre"]:
        body = [include_line(rng, name) for name in rng.sample(HEADERS, 3)]
        files[f"{folder}/pre.h"] = "\n".join([f"#define V_PRE {number(rng)}"] + body) + "\n"
    files["gen/generated.in"] = f"#define V_GENERATED {number(rng)}\n"
    files["gen/gen.sh"] = "sed s/GENERATED$/GENERATED/ \"$1\" >\"$2\"\n"
    files["data/blob.bin"] = str(number(rng)) + "\n"
    files["app/main.cpp"] = "int main() { return 0; }\n"
    return files


def first_model(rng, compiler):
    sources = {target: [f"{target}/{target}{i}{suffix}" for i in range(SIZES[target])] for target, suffix in TARGETS.items()}
    sources["app"].append("app/main.cpp")
    return {"compiler": compiler, "type": rng.choice(["Debug", "Release", ""]), "include": list(LAYERS), "system": [SYSTEM],
            "cfg": 1, "std": rng.choice([14, 17, 20]), "flags": {target: ["-Wall"] for target in TARGETS}, "sources": sources,
            "env": {}}


def cmake_text(model, exists):
    """CMakeLists.txt; sources that are not there (exists(path) is false) are left out."""
    include = " ".join(f'"${{CMAKE_SOURCE_DIR}}/{folder}"' for folder in model["include"])
    system = " ".join(f'"${{CMAKE_SOURCE_DIR}}/{folder}"' for folder in model["system"])
    lines = ["cmake_minimum_required(VERSION 3.21)", "project(Generated LANGUAGES C CXX)",
             f"set(CMAKE_CXX_STANDARD {model['std']})", f"add_compile_definitions(CFG={model['cfg']})",
             'add_compile_definitions("DATA=\\"${CMAKE_SOURCE_DIR}/data\\"")',
             f"include_directories({include})", f"include_directories(SYSTEM {system})" if system else "",
             'include_directories("${CMAKE_BINARY_DIR}/gen")',
             'add_custom_command(OUTPUT "${CMAKE_BINARY_DIR}/gen/generated.h" COMMAND sh "${CMAKE_SOURCE_DIR}/gen/gen.sh"',
             '  "${CMAKE_SOURCE_DIR}/gen/generated.in" "${CMAKE_BINARY_DIR}/gen/generated.h"',
             "  DEPENDS gen/generated.in gen/gen.sh VERBATIM)",
             'file(MAKE_DIRECTORY "${CMAKE_BINARY_DIR}/gen")',
             'add_custom_target(gen DEPENDS "${CMAKE_BINARY_DIR}/gen/generated.h")']
    kinds = {"objs": "OBJECT", "app": ""}
    for target in TARGETS:
        command = "add_executable" if target == "app" else "add_library"
        files = " ".join(path for path in model["sources"][target] if exists(path))
        extra = " $<TARGET_OBJECTS:objs>" if target == "app" else ""
        lines.append(f"{command}({target} {kinds.get(target, 'STATIC')} {files}{extra})")
        lines.append(f"add_dependencies({target} gen)")
        flags = model["flags"]["pre" if target == "reuse" else target]  # what is made for one fits the other then
        lines += [f'target_compile_options({target} PRIVATE "{flag}")' for flag in flags]
    lines += ["target_link_libraries(app core clib pre reuse cpre)",
              "target_precompile_headers(pre PRIVATE pre/pre.h <stddef.h>)", "target_precompile_headers(reuse REUSE_FROM pre)",
              "target_precompile_headers(cpre PRIVATE cpre/pre.h)"]
    return "\n".join(lines) + "\n"


def write_first(write, rng, compiler):
    """Calls write(path, text) for every file, and returns the model."""
    model = first_model(rng, compiler)
    for path, text in first_files(rng).items():
        write(path, text)
    for target in TARGETS:
        for path in model["sources"][target]:
            if path != "app/main.cpp":
                write(path, source_text(rng, path))
    return model
