// What a reader would complain about, as the browser shows the page. Each function returns texts; none is good.

function named(element) {
  const kind = [element.nodeName.toLowerCase(), ...element.classList].join('.');
  return `<${kind}> "${element.textContent.trim().slice(0, 40)}"`;
}

// All texts that are shown: the element that holds one, and the box of each of its lines.
function shownTexts() {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const texts = [];
  while (walker.nextNode()) {
    const range = document.createRange();
    range.selectNodeContents(walker.currentNode);
    const boxes = [...range.getClientRects()].filter((box) => box.width > 0 && box.height > 0);
    if (walker.currentNode.data.trim() && boxes.length) texts.push({ element: walker.currentNode.parentElement, boxes });
  }
  return texts;
}

const isWithin = (inner, outer) =>
  inner.left >= outer.left - 1 && inner.right <= outer.right + 1 &&
  inner.top >= outer.top - 1 && inner.bottom <= outer.bottom + 1;

const overlap = (a, b) =>
  Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1 && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 2;

function isBox(element) {
  return element.nodeName === 'svg' || (!element.closest('svg') && getComputedStyle(element).display !== 'inline');
}

function overflow(width) {
  const page = document.scrollingElement;
  const complaints = [];
  if (page.clientWidth !== width) complaints.push(`the page is laid out for ${page.clientWidth} px`);
  if (page.scrollWidth > page.clientWidth) complaints.push(`the page is ${page.scrollWidth} px wide`);
  for (const element of document.querySelectorAll('main, main *')) {
    const box = element.getBoundingClientRect();
    const shown = box.width > 0 && box.height > 0;
    if (shown && (box.left < -1 || box.right > width + 1)) complaints.push(`${named(element)} leaves the page`);
  }
  for (const around of document.querySelectorAll('.wide')) {
    if (around.scrollWidth > around.clientWidth) complaints.push(`${named(around)} scrolls sideways`);
  }
  return complaints;
}

function textsOutOfPlace() {
  const complaints = [];
  const lines = [];
  for (const { element, boxes } of shownTexts()) {
    let around = element;
    while (!isBox(around)) around = around.parentElement;
    for (const box of boxes) {
      if (!isWithin(box, around.getBoundingClientRect())) complaints.push(`${named(element)} leaves its box`);
      for (const other of lines) {
        if (other.element !== element && overlap(box, other.box)) {
          complaints.push(`${named(element)} overlaps ${named(other.element)}`);
        }
      }
    }
    lines.push(...boxes.map((box) => ({ element, box })));
  }
  return complaints;
}

function smallTexts() {
  const complaints = [];
  for (const { element } of shownTexts()) {
    const scale = element.closest('svg') ? element.getScreenCTM().d : 1;
    const size = parseFloat(getComputedStyle(element).fontSize) * scale;
    if (size < 12) complaints.push(`${named(element)} is written in ${size.toFixed(1)} px`);
  }
  return complaints;
}

// Red, green, blue and opacity, each from 0 to 1.
function parsed(color) {
  const numbers = color.match(/^rgba?\(([\d.]+), ([\d.]+), ([\d.]+)(?:, ([\d.]+))?\)$/);
  if (!numbers) throw new Error(`a color that the check cannot read: ${color}`);
  return [numbers[1] / 255, numbers[2] / 255, numbers[3] / 255, Number(numbers[4] ?? 1)];
}

function onTopOf(color, ground) {
  return color.slice(0, 3).map((part, at) => part * color[3] + ground[at] * (1 - color[3]));
}

function ground(element) {
  if (!element) return [1, 1, 1];
  return onTopOf(parsed(getComputedStyle(element).backgroundColor), ground(element.parentElement));
}

function luminance(color) {
  const [red, green, blue] = color.map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(color, behind) {
  const [low, high] = [luminance(onTopOf(color, behind)), luminance(behind)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

function faded(element) {
  let opacity = 1;
  for (let at = element; at; at = at.parentElement) opacity *= getComputedStyle(at).opacity;
  return opacity;
}

// Texts need a contrast of 4.5, the parts of charts 3 (WCAG 2.2, 1.4.3 and 1.4.11).
function paleParts() {
  const complaints = [];
  const compare = (element, colorName, behind, least) => {
    const color = parsed(getComputedStyle(element)[colorName]);
    color[3] *= faded(element);
    const found = contrast(color, ground(behind));
    if (found < least) complaints.push(`${named(element)} has a contrast of ${found.toFixed(2)}`);
  };
  for (const { element } of shownTexts()) compare(element, element.closest('svg') ? 'fill' : 'color', element, 4.5);
  for (const bar of document.querySelectorAll('rect')) compare(bar, 'fill', bar, 3);
  for (const mark of document.querySelectorAll('figcaption i')) compare(mark, 'backgroundColor', mark.parentElement, 3);
  return complaints;
}

function chartsOutOfPlace() {
  const complaints = [];
  for (const chart of document.querySelectorAll('svg')) {
    const box = chart.getBoundingClientRect();
    const labels = [...chart.querySelectorAll('text')].filter((label) => label.getBoundingClientRect().width > 0);
    const bars = [...chart.querySelectorAll('rect')].filter((bar) => bar.getBoundingClientRect().height > 0);
    for (const part of [...bars, ...labels, ...chart.querySelectorAll('line')]) {
      if (!isWithin(part.getBoundingClientRect(), box)) complaints.push(`${named(part)} leaves its chart`);
    }
    for (const bar of bars) {
      const shape = bar.getBoundingClientRect();
      if (shape.width < 1) complaints.push(`a bar is ${shape.width} px wide`);
      for (const label of labels) {
        if (overlap(shape, label.getBoundingClientRect())) complaints.push(`a bar covers ${named(label)}`);
      }
    }
    if (labels.length < 4) complaints.push(`a chart with ${labels.length} labels`);
    const tallest = Math.max(...bars.map((bar) => bar.getBoundingClientRect().height));
    if (!(tallest > 0.25 * box.height)) complaints.push(`a chart whose highest bar has ${tallest} px`);
  }
  return complaints;
}

// A phone may show the names of columns beside each number instead.
function isLabelled(table) {
  const labels = [...table.querySelectorAll('td.number')].map((cell) => getComputedStyle(cell, '::before').content);
  return innerWidth < 640 && labels.every((label) => label.length > 2 && label !== 'none');
}

function missingParts() {
  const complaints = [];
  const expect = (holds, what) => holds || complaints.push(`no ${what}`);
  expect(document.doctype && document.compatMode === 'CSS1Compat', 'document type');
  expect(document.querySelector('meta[charset=utf-8]'), 'character set');
  expect(document.documentElement.lang === 'en', 'language');
  expect(document.title.startsWith('autoreply'), 'title');
  expect(document.querySelector('meta[name=viewport]'), 'viewport');
  expect(document.querySelectorAll('h1').length === 1, 'one heading of the page');
  for (const table of document.querySelectorAll('table')) {
    const heads = [...table.querySelectorAll('thead > tr > th[scope=col]')];
    expect(heads.length > 0 && heads.every((head) => head.textContent.trim()), `header row of ${named(table)}`);
    expect(heads[0]?.offsetWidth > 0 || isLabelled(table), `header row to be seen of ${named(table)}`);
    for (const row of table.tBodies[0].rows) expect(row.cells.length === heads.length, `full row in ${named(table)}`);
  }
  for (const chart of document.querySelectorAll('svg')) expect(chart.getAttribute('aria-label'), 'name of a chart');
  return complaints;
}

// What texts of others may have brought with them.
function strangers() {
  const found = [...document.querySelectorAll('script, img, link, iframe, object, [style], [onerror]')].map(named);
  return 'hostile' in window ? [...found, 'a script has run'] : found;
}

// The first few of all complaints; one mistake often spoils everything.
function complaints(width) {
  const all = [
    overflow(width), textsOutOfPlace(), smallTexts(), paleParts(), chartsOutOfPlace(), missingParts(), strangers(),
  ];
  return [...new Set(all.flat())].slice(0, 20);
}
