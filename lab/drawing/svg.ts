/** Attributes of an element: numbers are written with one decimal. */
export type Attributes = Readonly<Record<string, string | number | undefined>>;

/** An element with its children, which are markup already. */
export function element(name: string, attributes: Attributes, children: readonly string[] = []): string {
  const written = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}="${typeof value === "number" ? short(value) : escaped(String(value))}"`)
    .join("");
  return children.length === 0 ? `<${name}${written}/>` : `<${name}${written}>${children.join("")}</${name}>`;
}

/** A text at a place. */
export function text(content: string, attributes: Attributes): string {
  return element("text", attributes, [escaped(content)]);
}

/** A point of a picture, in pixels from its top left corner. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Path data of a line through points that keeps its height until the next one, as a bar chart's outline does. */
export function stairs(points: readonly Point[]): string {
  const [first] = points;
  if (first === undefined) return "";
  const steps = points.slice(1, -1).flatMap(({ x, y }, i) => {
    return short(y) === short(points[i]!.y) ? [] : [`H${short(x)}V${short(y)}`];
  });
  return `M${short(first.x)} ${short(first.y)}${steps.join("")}H${short(points.at(-1)!.x)}`;
}

/** Path data of round dots, to be stroked with round caps: much shorter than as many circles. */
export function dots(points: readonly Point[]): string {
  return points.map(({ x, y }) => `M${short(x)} ${short(y)}h0`).join("");
}

/** A whole document with a white background. */
export function svgDocument(
  { width, height, title }: { readonly width: number; readonly height: number; readonly title: string },
  children: readonly string[],
): string {
  const attributes = {
    xmlns: "http://www.w3.org/2000/svg",
    viewBox: `0 0 ${width} ${height}`,
    width,
    height,
    "font-family": "system-ui, 'Segoe UI', 'DejaVu Sans', sans-serif",
    "font-size": 12,
    fill: "#222",
  };
  const background = element("rect", { width, height, fill: "#fff" });
  return `${element("svg", attributes, [element("title", {}, [escaped(title)]), background, ...children])}\n`;
}

function short(value: number): string {
  return String(Math.round(value * 10) / 10);
}

function escaped(value: string): string {
  return value.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
