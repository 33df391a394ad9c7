cat >"$work/my-c++" <<END
#!/bin/sh
echo used >>"$work/used"
exec c++ "\$@"
END
chmod +x "$work/my-c++"
simple_project
configure -DCOMPILER_CACHE_HOST_CXX="$work/my-c++"
exists "$work/used"
rm -rf "$work/build"
configure_fails -DCOMPILER_CACHE_HOST_CXX=/nowhere/c++
said "COMPILER_CACHE_HOST_CXX"
said "/nowhere/c++"
