/** The style in the visitor's light or dark theme. The style file holds the light one and, in its metadata, what differs. */

/** @returns a copy; `style` is left as it is */
export function themed(style, dark) {
  const copy = structuredClone(style);
  if (!dark) return copy;
  const changes = copy.metadata["kompass:dark"];
  for (const layer of copy.layers) if (changes[layer.id]) layer.paint = { ...layer.paint, ...changes[layer.id] };
  return copy;
}
