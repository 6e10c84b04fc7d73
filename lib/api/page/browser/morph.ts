/**
 * Makes one tree like another by changing what differs and nothing else, so that a refresh moves no scroll position, no
 * focus and no selection. Elements are matched by `id` or `data-key`. One that carries `data-keep` is left to the
 * script that owns it; attributes named in `data-own` are left likewise.
 */

export function morph(from: Element, to: Element): void {
  if (from.hasAttribute('data-keep') || from.isEqualNode(to)) return;
  morphAttributes(from, to);
  morphChildren(from, to);
}

function morphAttributes(from: Element, to: Element): void {
  const own = new Set(['data-own', 'open', ...(from.getAttribute('data-own')?.split(' ') ?? [])]);
  for (const { name, value } of [...to.attributes]) {
    if (!own.has(name) && from.getAttribute(name) !== value) from.setAttribute(name, value);
  }
  for (const { name } of [...from.attributes]) {
    if (!own.has(name) && !to.hasAttribute(name)) from.removeAttribute(name);
  }
}

function morphChildren(from: Element, to: Element): void {
  const wanted = new Set([...to.children].flatMap((child) => keyOf(child) ?? []));
  const kept = new Map<string, Element>();
  for (const child of [...from.children]) {
    const key = keyOf(child);
    if (key === null) continue;
    // Gone ones go first: what stays in order is then never moved, and keeps its focus.
    if (wanted.has(key)) kept.set(key, child);
    else child.remove();
  }
  let next: ChildNode | null = from.firstChild;
  for (const target of [...to.childNodes]) {
    const key = target instanceof Element ? keyOf(target) : null;
    const match = key === null ? (isLike(next, target) ? next : null) : (kept.get(key) ?? null);
    if (match === null) {
      from.insertBefore(target.cloneNode(true), next);
      continue;
    }
    if (match instanceof Element && key !== null) next = withoutStrangers(next, match);
    if (match === next) next = next.nextSibling;
    else from.insertBefore(match, next);
    update(match, target);
  }
  while (next) {
    const after: ChildNode | null = next.nextSibling;
    next.remove();
    next = after;
  }
}

/** Removes what no target can ask for again: text and elements without a key that stand where one with a key belongs. */
function withoutStrangers(next: ChildNode | null, match: Element): ChildNode | null {
  let first = next;
  while (first && first !== match && !(first instanceof Element && keyOf(first) !== null)) {
    const after: ChildNode | null = first.nextSibling;
    first.remove();
    first = after;
  }
  return first;
}

function update(from: ChildNode, to: ChildNode): void {
  if (from instanceof Element && to instanceof Element) morph(from, to);
  else if (from.nodeValue !== to.nodeValue) from.nodeValue = to.nodeValue;
}

/** Whether one without a key can become the other. */
function isLike(from: ChildNode | null, to: ChildNode): from is ChildNode {
  if (from?.nodeType !== to.nodeType || from.nodeName !== to.nodeName) return false;
  return !(from instanceof Element) || keyOf(from) === null;
}

function keyOf(element: Element): string | null {
  return element.id || element.getAttribute('data-key');
}
