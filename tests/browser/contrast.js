// Copyright (c) 2026 idgov.entra contributors
// GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The texts of a page that are hard to read on what is behind them: below 4.5 to 1, which WCAG 2 (AA) asks for.
() => {
  const rgb = (text) => text.match(/[\d.]+/g).map(Number);
  const linear = (value) => (value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4);
  const luminance = ([red, green, blue]) => 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
  const behind = (element) => {
    for (; element; element = element.parentElement) {
      const colour = rgb(getComputedStyle(element).backgroundColor);
      if (colour.length < 4 || colour[3] === 1) return colour;
    }
    return [255, 255, 255];
  };
  const hasText = (element) => [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
  return [...document.querySelectorAll("article :is(p, li, td, th, code, a, h1, h2, h3, span, strong, em)")]
    .filter((element) => element.checkVisibility() && hasText(element))
    .filter((element) => {
      const text = luminance(rgb(getComputedStyle(element).color));
      const ground = luminance(behind(element));
      return (Math.max(text, ground) + 0.05) / (Math.min(text, ground) + 0.05) < 4.5;
    })
    .map((element) => element.textContent.trim().slice(0, 60));
}
