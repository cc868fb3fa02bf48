/**
 * Inserts a sprite into the page, whose symbols `<use href="#utility-email">` references.
 * @param sprite SVG text made by the build, never anything from outside
 */
export function installIcons(sprite: string): void {
  const { documentElement } = new DOMParser().parseFromString(sprite, 'image/svg+xml');
  const svg = document.importNode(documentElement, true);
  // Set by script, as the page's policy allows no style attributes. Symbols of an undisplayed SVG can still be used.
  if (svg instanceof SVGElement) svg.style.display = 'none';
  document.body.prepend(svg);
}
