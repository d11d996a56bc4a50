const BROWSERS: readonly (readonly [RegExp, string])[] = [
  [/\bsightline\b/i, "sightline"],
  [/\bEdg(?:e|A|iOS)?\//, "Edge"],
  [/\bFirefox\/|\bFxiOS\//, "Firefox"],
  [/\bOPR\//, "Opera"],
  [/\bChrom(?:e|ium)\/|\bCriOS\//, "Chrome"],
  [/\bSafari\//, "Safari"],
  [/\bGStreamer\b/i, "GStreamer"],
  [/\bOBS\b/, "OBS"],
];

/** What a viewer's `User-Agent` is called by people; "A viewer" if it says nothing that is known. */
export function describeProgram(userAgent: string | undefined): string {
  const known = BROWSERS.find(([pattern]) => userAgent !== undefined && pattern.test(userAgent));
  return known?.[1] ?? "A viewer";
}
