#!/bin/sh
# Rushes: with a command, the command line without a window, a display or the network; otherwise the app.
# What is a command: the rule of main/app/mode.ts.
here=$(dirname "$(readlink -f "$0")")

is_command() {
  case "$1" in
    --help | -h | --version | -V) return 0 ;;
    '' | *[!a-z]*) return 1 ;;
    *) [ ! -e "$1" ] ;;
  esac
}

# Without anything to show a window on, tell what can be done without one.
if [ $# -eq 0 ] && [ -z "${DISPLAY-}${WAYLAND_DISPLAY-}" ]; then set -- --help; fi

if is_command "${1-}"; then
  # No page is ever loaded here, so there is nothing for Chromium's sandbox to hold, and none is needed: this also
  # runs as root and in containers. Everything after "--" reaches the command as it is.
  # As the app starts its engine (main/engine/environment.ts).
  export MALLOC_ARENA_MAX="${MALLOC_ARENA_MAX-2}" MALLOC_MMAP_THRESHOLD_="${MALLOC_MMAP_THRESHOLD_-1048576}" MALLOC_TRIM_THRESHOLD_="${MALLOC_TRIM_THRESHOLD_-1048576}"
  exec "$here/rushes.bin" --ozone-platform=headless --no-sandbox --disable-gpu --log-level=3 -- "$@"
fi
exec "$here/rushes.bin" "$@"
