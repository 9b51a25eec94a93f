/** The bits of Prometheus' stale marker, as two words: the one NaN that is no value. */
export const [STALE_LOW, STALE_HIGH] = [0x00_00_00_02, 0x7f_f0_00_00] as const;

const words = (values: Float64Array): Uint32Array =>
  new Uint32Array(values.buffer, values.byteOffset, values.length * 2);

/** Marks a place of a column as stale. */
export function markStale(values: Float64Array, index: number): void {
  const bits = words(values);
  bits[2 * index] = STALE_LOW;
  bits[2 * index + 1] = STALE_HIGH;
}

/** The stale markers of a column: 1 where there is one; undefined where there are none. */
export function staleMarkers(values: Float64Array): Uint8Array | undefined {
  const bits = words(values);
  let markers: Uint8Array | undefined;
  for (let i = 0; i < values.length; i++)
    if (bits[2 * i + 1] === STALE_HIGH && bits[2 * i] === STALE_LOW) {
      markers ??= new Uint8Array(values.length);
      markers[i] = 1;
    }
  return markers;
}
