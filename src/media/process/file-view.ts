/**
 * Makes a file view of its own in a new mount namespace and becomes the program, for systems without bubblewrap. A
 * small file system in memory gets the system's programs and libraries, the inputs (both read-only) and the output
 * folder. It takes the place of everything else, and is then closed to writing. The remaining rights of root are
 * dropped last.
 *
 * It is built in `/sys`, because no input is there. Flags of a mount are kept or added to: inside a user namespace none
 * may be taken away. A mount that would lose a flag is made first and given its flags then. There is no `/proc` inside if
 * it is hidden in part outside, as in containers. The one outside is there until the last unmount, because `umount`
 * reads the mounts in it. The script runs for every look at a file and every piece of work. So it starts as few programs
 * as it can.
 */
const script = `set -eu
PATH=/usr/local/bin:/usr/bin:/bin:/usr/local/sbin:/usr/sbin:/sbin
root=/sys output=$1 tasks=$2
shift 2
mount -t tmpfs -o nosuid,nodev,size=1m,mode=755 kinora "$root"
mkdir -p "$root/usr" "$root/etc/alternatives" "$root/dev" "$root/proc"
lay() {
  if [ -d "$2" ]; then
    [ -d "$root$2" ] || mkdir -p "$root$2"
  elif [ ! -e "$root$2" ]; then
    [ -d "$root\${2%/*}" ] || mkdir -p "$root\${2%/*}"
    : > "$root$2"
  fi
  if [ -z "$1" ]; then
    mount --bind "$2" "$root$2"
  elif ! mount -o "bind,nosuid,nodev,$1" "$2" "$root$2" 2>/dev/null; then
    mount --bind "$2" "$root$2"
    mount -o "remount,bind,nosuid,nodev,$1" "$root$2"
  fi
}
see() { [ -e "$root$1" ] || lay ro "$1"; }
links=
for path in /bin /lib /lib64; do
  if [ -L "$path" ]; then links="$links $path"; elif [ -e "$path" ]; then lay ro "$path"; fi
done
[ -z "$links" ] || cp -P $links "$root"
for path in /usr /etc/alternatives /etc/ld.so.cache; do
  if [ -e "$path" ]; then lay ro "$path"; fi
done
for path in /dev/null /dev/zero /dev/urandom; do lay "" "$path"; done
borrowed=
if ! mount -t proc -o ro,nosuid,nodev,noexec proc "$root/proc" 2>/dev/null; then
  mount --rbind /proc "$root/proc"
  borrowed=/proc
fi
while [ "$1" != -- ]; do
  see "$1"
  shift
done
shift
[ -z "$output" ] || lay noexec "$output"
mount -o remount,bind,ro,nosuid,nodev "$root"
cd "$root"
pivot_root . .
umount -l .
[ -z "$borrowed" ] || umount -l "$borrowed"
cd "\${output:-/}"
exec prlimit --nproc="$tasks" -- setpriv --no-new-privs --inh-caps=-all --bounding-set=-all -- "$@"
`;

interface View {
  /** Files and folders that can be read, besides the system's own. */
  readonly reads: readonly string[];
  readonly outputFolder: string | undefined;
  /** Processes and threads there may be. */
  readonly tasksMax: string;
}

/** The command that runs `command` in a view of its own; it needs a mount namespace to be in. */
export const withFileView = (command: readonly string[], { reads, outputFolder, tasksMax }: View): string[] => [
  "/bin/sh",
  "-c",
  script,
  "sandbox",
  outputFolder ?? "",
  tasksMax,
  ...reads,
  "--",
  ...command,
];
