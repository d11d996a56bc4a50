#!/usr/bin/env bash
# with-camera.sh COMMAND [ARGUMENT...]
#
# Runs a command on a machine that has a camera. There is none in a test environment, and its kernel cannot be given one; so a
# small virtual machine boots Debian's kernel, whose driver vivid makes /dev/video0 a camera with a moving picture. The guest
# sees this machine's files as they are; what it writes is gone afterwards. This machine is 10.0.2.2 there, and UDP and TCP that
# the guest sends to it arrive at 127.0.0.1. Without hardware virtualization programs run some ten times slower.
#
# What the command prints comes out of standard output, and its exit code is this script's. To unplug the camera:
# v4l2-ctl --set-ctrl disconnect=1
#
# Needs Debian's qemu-system-x86 busybox-static cpio kmod; the kernel package is fetched once, without being installed.
set -euo pipefail

store="${XDG_CACHE_HOME:-$HOME/.cache}/sightline-camera-machine"
memory_mib=2048

# What the root file system and the network need, and the camera; the modules that these need are found out.
modules=(virtio_pci 9pnet_virtio 9p overlay virtio_net vivid)

main() {
  mkdir -p "$store"
  # Two tests at once must not both unpack the kernel.
  exec 9>"$store/lock"
  flock 9
  [[ -e $store/ready ]] || { fetch_kernel && touch "$store/ready"; }
  flock --unlock 9

  work=$(mktemp --directory "$store/run.XXXXXX")
  trap 'rm -rf "$work"' EXIT
  pack_initramfs "$@"
  boot
}

fetch_kernel() {
  local package
  package=$(apt-cache depends linux-image-amd64 | sed -n 's/^ *Depends: \(linux-image-[^ ]*\)$/\1/p' | head -1)
  [[ -n $package ]] || { echo "apt does not know a kernel: run apt-get update" >&2 && return 1; }
  rm -rf "$store/kernel" "$store"/linux-image-*.deb
  (cd "$store" && apt-get -qq --option APT::Sandbox::User=root download "$package" >&2)
  dpkg-deb --extract "$store"/linux-image-*.deb "$store/kernel"
  rm "$store"/linux-image-*.deb
  depmod --basedir "$store/kernel" "$(ls "$store/kernel/lib/modules")"
}

# The files of modules and of all that they need, in loading order.
module_files() {
  local release module
  release=$(ls "$store/kernel/lib/modules")
  for module in "$@"; do
    modprobe --dirname "$store/kernel" --set-version "$release" --show-depends "$module"
  done | sed -n 's/^insmod \([^ ]*\).*/\1/p' | awk '!seen[$0]++'
}

pack_initramfs() {
  local root="$work/initramfs" file
  mkdir -p "$root"/{bin,dev,proc,sys,host,memory,new,modules}
  cp "$(command -v busybox)" "$root/bin/busybox"
  for file in $(module_files "${modules[@]}"); do
    cp "$file" "$root/modules/"
    basename "$file" >>"$root/modules/order"
  done
  write_init >"$root/init"
  write_command "$@" >"$root/command"
  chmod +x "$root/init"
  (cd "$root" && find . | cpio --quiet --create --format newc) >"$work/initramfs.cpio"
}

# The guest's first process. The exit code leaves through the serial line, on which nothing else may look like it.
write_init() {
  cat <<'INIT'
#!/bin/busybox sh
/bin/busybox --install -s /bin
export PATH=/bin
mount -t devtmpfs none /dev
mount -t proc none /proc
mount -t sysfs none /sys
while read -r module; do insmod "/modules/$module"; done </modules/order
mount -t 9p -o ro,trans=virtio,version=9p2000.L,cache=loose,msize=262144 host /host
mount -t tmpfs none /memory
mkdir /memory/upper /memory/scratch
mount -t overlay -o lowerdir=/host,upperdir=/memory/upper,workdir=/memory/scratch none /new
for place in dev proc sys; do mount --move "/$place" "/new/$place"; done
mkdir -p /new/dev/shm
mount -t tmpfs none /new/dev/shm
mount -t tmpfs none /new/run
ip link set lo up
ip link set eth0 up
ip address add 10.0.2.15/24 dev eth0
ip route add default via 10.0.2.2
cp /command /new/run/command
chroot /new /bin/bash /run/command
echo "guest-exit-code=$?"
sync
poweroff -f
INIT
}

write_command() {
  printf 'export PATH=%q HOME=/root LANG=C.UTF-8\n' "$PATH"
  printf 'cd %q\n' "$PWD"
  printf '%q ' "$@"
  printf '</dev/null 2>&1\n'
}

boot() {
  # The machine must not outlive this script, however that ends.
  setpriv --pdeathsig KILL qemu-system-x86_64 -accel tcg,thread=multi -cpu max -smp 2 -m "$memory_mib" \
    -display none -no-reboot -serial stdio -monitor none \
    -kernel "$store"/kernel/boot/vmlinuz-* -initrd "$work/initramfs.cpio" \
    -append "console=ttyS0 quiet loglevel=3 panic=-1" \
    -virtfs local,path=/,mount_tag=host,security_model=none,readonly=on,multidevs=remap \
    -netdev user,id=net -device virtio-net-pci,netdev=net </dev/null |
    tr --delete '\r' | tee "$work/output" | grep --line-buffered --invert-match '^guest-exit-code=' || true
  local code
  code=$(sed -n 's/^.*guest-exit-code=//p' "$work/output")
  [[ -n $code ]] || { echo "the machine did not come to an end" >&2 && return 125; }
  return "$code"
}

main "$@"
