/** Red, green, blue from 0 to 255 and how much it covers, from 0 to 1. */
type Colour = readonly [red: number, green: number, blue: number, cover: number];

/**
 * How well a colour can be told from what it stands on, as WCAG 2 counts it: from 1 to 21. Of the grounds each lies on
 * the next. Undefined where one of them is not a colour, written `#rrggbb[aa]`, `#rgb[a]`, `rgb(…)` or `rgba(…)`.
 */
export function contrastOn(colour: string, grounds: readonly string[]): number | undefined {
  const [front, ...behind] = [colour, ...grounds].map(parseColour);
  if (front === undefined || behind.length === 0) return undefined;
  let ground: Colour = [0, 0, 0, 0];
  for (const layer of behind.reverse()) {
    if (layer === undefined) return undefined;
    ground = lay(layer, ground);
  }
  const [darker = 0, lighter = 0] = [luminance(lay(front, ground)), luminance(ground)].sort((a, b) => a - b);
  return (lighter + 0.05) / (darker + 0.05);
}

function parseColour(text: string): Colour | undefined {
  const [, hex] = /^#([\da-f]{3,4}|[\da-f]{6}|[\da-f]{8})$/i.exec(text.trim()) ?? [];
  if (hex !== undefined) return parseHex(hex);
  const [, red, green, blue, cover = '1'] =
    /^rgba?\((\d+), *(\d+), *(\d+)(?:, *([\d.]+))?\)$/.exec(text.trim()) ?? [];
  return red === undefined ? undefined : [Number(red), Number(green), Number(blue), Number(cover)];
}

function parseHex(digits: string): Colour {
  const long = digits.length > 4 ? digits : digits.replaceAll(/./g, '$&$&');
  const [red = 0, green = 0, blue = 0, cover = 255] = (long.match(/../g) ?? []).map((pair) =>
    Number.parseInt(pair, 16),
  );
  return [red, green, blue, cover / 255];
}

function lay([red, green, blue, cover]: Colour, [r, g, b, below]: Colour): Colour {
  const mix = (upper: number, lower: number): number => upper * cover + lower * (1 - cover);
  return [mix(red, r), mix(green, g), mix(blue, b), mix(1, below)];
}

function luminance([red, green, blue]: Colour): number {
  const linear = (value: number): number =>
    value <= 10.31475 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4;
  return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
}
