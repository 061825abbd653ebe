/** Relative luminance is not needed to tell ink from paper: perceived brightness of an `rgb()` text is. */
function brightness(color: string): number | undefined {
  const parts = /^rgba?\(([\d.]+)[, ]+([\d.]+)[, ]+([\d.]+)/.exec(color);
  if (!parts) return undefined;
  const [r, g, b] = parts.slice(1, 4).map(Number) as [number, number, number];
  return (0.299 * r + 0.587 * g + 0.114 * b) / 255;
}

/**
 * A page with light text is a dark page. Asked of the text and not of the system, because AWS's theme is AWS's choice.
 * @param textColor a computed `color`
 */
export const isDarkPage = (textColor: string): boolean => (brightness(textColor) ?? 0) > 0.55;
