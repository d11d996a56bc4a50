/**
 * What the user must type to run `sightline ARGS`: in a working tree, where npm started us, that is another npm script.
 *
 * @param args - the command and its arguments
 * @param environment - `process.env`
 */
export function commandToType(args: readonly string[], environment: NodeJS.ProcessEnv = process.env): string {
  const scripts = ["start", "watch", "sightline"];
  const fromNpm =
    environment["npm_package_name"] === "sightline" && scripts.includes(environment["npm_lifecycle_event"] ?? "");
  if (!fromNpm) return ["sightline", ...args].join(" ");
  const [command, ...rest] = args;
  if (command === "watch") return ["npm run watch", ...(rest.length > 0 ? ["--", ...rest] : [])].join(" ");
  return ["npm run sightline --", ...args].join(" ");
}
