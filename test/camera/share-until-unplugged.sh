#!/usr/bin/env bash
# share-until-unplugged.sh UDP_PORT CONTROL_PORT
#
# In the machine with the camera: shares it to the host, and pulls it out when the host says so by a line over TCP.
# The exit code is that of `sightline share`.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

node dist/cli/main.js devices
node dist/cli/main.js share camera --size 640x360 --fps 15 --to "10.0.2.2:$1" --json &
read -r _ <"/dev/tcp/10.0.2.2/$2"
v4l2-ctl --device /dev/video0 --set-ctrl disconnect=1
wait $!
