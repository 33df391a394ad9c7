share_programs
simple_project
config=$work/build/.compiler-cache/config
configure
[[ $(head -n 1 "$config") == "compiler-cache-config 1" ]] || fail "first line"
has_line "$config" "version=9.8.7"
has_line "$config" "source_root=$work/project"
has_line "$config" "build_root=$work/build"
has_line "$config" "shared_dir=$work/store"
has_line "$config" "max_size=5368709120"
has_line "$config" "idle_timeout=600"
has_line "$config" "restore=auto"
! grep -q extra_root "$config" || fail "an extra root that nobody named"
has_line "$work/build/.compiler-cache/.gitignore" "*"
configure -DCOMPILER_CACHE_MAX_SIZE=1024T "-DCOMPILER_CACHE_EXTRA_ROOTS=/some where;/else#where" \
  -DCOMPILER_CACHE_IDLE_TIMEOUT=0 -DCOMPILER_CACHE_RESTORE=copy -DCOMPILER_CACHE_SHARED_DIR=
has_line "$config" "max_size=1125899906842624"
has_line "$config" "extra_root=/some where"
has_line "$config" "extra_root=/else#where"
has_line "$config" "idle_timeout=0"
has_line "$config" "restore=copy"
has_line "$config" "shared_dir="
said "store this build tree only"
for size in 0=0 1=1 500=500 500k=512000 7M=7340032 1t=1099511627776; do
  configure "-DCOMPILER_CACHE_MAX_SIZE=${size%=*}"
  has_line "$config" "max_size=${size#*=}"
done
