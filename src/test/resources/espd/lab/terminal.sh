# The shell of a host: runs the commands that come from its standard input, each ended by a NUL.
# What the first prints goes to the file 1.log, its exit code to 1.exit, and so on.
#
# usage: terminal.sh DIRECTORY, in a mount namespace of its own
terminal=$1
mount -t tmpfs none /run
cp -a /etc "$terminal/etc"
rm -rf "$terminal/etc/espd"
mkdir "$terminal/etc/espd"
mount --bind "$terminal/etc" /etc
export HOME=$terminal/home PATH=$terminal:$PATH
cd
exec 9<&0 </dev/null
set -m
while IFS= read -r -d '' -u 9 command; do
  count=$((${count:-0} + 1))
  exec >"$terminal/$count.log" 2>&1
  eval "$command" 9<&-
  echo $? >"$terminal/exit"
  mv "$terminal/exit" "$terminal/$count.exit"
done
