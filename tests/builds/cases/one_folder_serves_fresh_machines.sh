# The recipe of docs/ci.md: a job keeps one folder, and the next one has it as a copy, on a machine where everything else is
# another: the user, the folder of the checkout, the times and inodes of all files.
need ninja setpriv
[[ $(id -u) == 0 ]] || skip "only the superuser can be two users"
somebody=65534
as_somebody() {
  setpriv --reuid=$somebody --regid=$somebody --clear-groups env HOME="$work/home" XDG_CACHE_HOME="$work/home/.cache" "$@"
}
for folder in "$work" "$repo"; do as_somebody test -x "$folder" || skip "$folder is not everybody's to enter"; done
as_somebody test -x "$work/.programs/helper/compiler-cache-helper" || skip "the programs are not everybody's to run"

# job CONFIGURATION FOLDER COMMAND...: what a job does, by that command.
job() {
  local configuration=$1
  source=$2
  shift 2
  tree=$source/build
  "$@" cmake -S "$source" -B "$tree" -G Ninja "-D_compiler_cache_source_root=$work/.programs" \
    "-DCMAKE_BUILD_TYPE=$configuration" "-DCOMPILER_CACHE_SHARED_DIR=$store" -DCOMPILER_CACHE_RELOCATABLE=ON \
    >"$work/configured" 2>&1 || { cat "$work/configured" >&2; fail "configure failed"; }
  "$@" cmake --build "$tree" -j "$jobs" >"$work/built" 2>&1 || { cat "$work/built" >&2; fail "the build failed"; }
}

source=$work/project
unit_project 3
mkdir "$work/home"
chown $somebody "$work/home"
for configuration in Release RelWithDebInfo; do
  cp -r "$work/project" "$work/job-1-$configuration"
  store=$work/kept
  job $configuration "$work/job-1-$configuration" env
  all_misses 4
  helper stop >/dev/null

  # What a CI system does with a kept folder: an archive, unpacked by whoever runs there.
  mkdir "$work/machine-$configuration"
  tar -C "$work/kept" -cf - . | tar -C "$work/machine-$configuration" --no-same-owner -m -xf -
  cp -r "$work/project" "$work/machine-$configuration.checkout"
  chown -R $somebody "$work/machine-$configuration" "$work/machine-$configuration.checkout"
  chmod 700 "$work/machine-$configuration"
  store=$work/machine-$configuration
  helper() { as_somebody "$tree/.compiler-cache/bin/compiler-cache-helper" "$@" --tree "$tree"; }
  job $configuration "$work/machine-$configuration.checkout" as_somebody
  all_hits 4
  object_hashes "$work/cached"
  as_somebody cmake --build "$tree" --target clean >/dev/null
  as_somebody env COMPILER_CACHE_DISABLE=1 cmake --build "$tree" >"$work/built" 2>&1 || fail "the build failed"
  same_objects "$work/cached" "$configuration"
  helper stop >/dev/null
  helper() {
    local subcommand=$1
    shift
    "$tree/.compiler-cache/bin/compiler-cache-helper" "$subcommand" --tree "$tree" "$@"
  }
done
