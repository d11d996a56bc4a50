/**
 * What to try to share, in order: what the user named, or else the screen if there is a display, then a camera, then the
 * test pattern, which always works.
 *
 * @param named - the source that the user named
 * @param platform - as `process.platform` has it
 * @param env - the environment; on Linux and the BSDs it tells whether there is a display
 */
export function sourceCandidates(
  named: string | undefined,
  platform: NodeJS.Platform = process.platform,
  env: NodeJS.ProcessEnv = process.env,
): readonly string[] {
  if (named !== undefined) return [named];
  const hasDisplay = platform === "darwin" || platform === "win32" || Boolean(env["DISPLAY"] || env["WAYLAND_DISPLAY"]);
  return hasDisplay ? ["screen", "camera", "test"] : ["camera", "test"];
}
