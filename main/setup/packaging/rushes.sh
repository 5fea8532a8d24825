#!/bin/sh
# Rushes: with a command, the command line without a window, a display or the network; otherwise the app.
# The list of commands is that of main/app/mode.ts.
here=$(dirname "$(readlink -f "$0")")
case "${1-}" in
  analyze | cut | doctor | headless | help | --help | -h | --version | -V)
    # No page is ever loaded here, so there is nothing for Chromium's sandbox to hold, and none is needed: this also
    # runs as root and in containers. Everything after "--" reaches the command as it is.
    exec "$here/rushes.bin" --ozone-platform=headless --no-sandbox --disable-gpu --log-level=3 -- "$@"
    ;;
esac
exec "$here/rushes.bin" "$@"
