/** The file name of a snapshot taken at `time`, local: `sightline-20261123-101500.png`. */
export function snapshotName(time: Date): string {
  const two = (value: number) => String(value).padStart(2, "0");
  const date = `${time.getFullYear()}${two(time.getMonth() + 1)}${two(time.getDate())}`;
  return `sightline-${date}-${two(time.getHours())}${two(time.getMinutes())}${two(time.getSeconds())}.png`;
}
