# Objects, sessions or the shared store are deleted between builds, under a running helper and without one: that costs
# hits, no build, and once a helper has started anew everything is kept as before.
need ninja
unit_project 9
configure
build
all_misses 10
object_hashes "$work/cold"
own=$tree/.compiler-cache

# rebuilt WHAT: from nothing, right and without errors.
rebuilt() {
  clean
  build
  same_objects "$work/cold" "$1"
  nothing_to_do
  last_build requests=10 errors=0 bypassed=0
}

for running in yes no; do
  for gone in "$own/objects" "$store" "$own/sessions" "$own/objects $store" "$own/tmp"; do
    [[ $running == yes ]] || helper stop >/dev/null
    # What is on its way to the store is written first.
    [[ $running == no ]] || helper stats >/dev/null
    # shellcheck disable=SC2086  # the scratch folder's name has no spaces here
    remove $gone
    rebuilt "$gone is gone (running: $running)"
    rebuilt "$gone was gone (running: $running)"
    all_hits 10
    helper stop >/dev/null
    rebuilt "after $gone"
    helper stop >/dev/null
    rebuilt "long after $gone"
    all_hits 10
  done
done
