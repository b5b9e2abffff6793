import { invert, mod } from "./number.js";
import type { Edwards, Weierstrass } from "./parameters.js";

/** An affine point. */
export interface Point {
  x: bigint;
  y: bigint;
}

/** The base point times 1, 3, 5 and so on: what signed windows of the curve's width add. */
export function oddMultiples(
  { x, y, window }: Weierstrass | Edwards,
  add: (p: Point, q: Point) => Point,
): Point[] {
  const points = [{ x, y }];
  const twice = add({ x, y }, { x, y });
  while (points.length < 1 << (window - 2)) points.push(add(points.at(-1)!, twice));
  return points;
}

/** The sum of two points, neither of them nor it being infinity. */
export function addWeierstrass({ prime }: Weierstrass): (p: Point, q: Point) => Point {
  return (p, q) => {
    const [rise, run] =
      p.x === q.x ? [3n * (p.x * p.x - 1n), 2n * p.y] : [q.y - p.y, mod(q.x - p.x, prime)];
    const slope = mod(rise * invert(run, prime), prime);
    const x = mod(slope * slope - p.x - q.x, prime);
    return { x, y: mod(slope * (p.x - x) - p.y, prime) };
  };
}

/** The sum of two points. */
export function addEdwards({ prime, d }: Edwards): (p: Point, q: Point) => Point {
  return (p, q) => {
    const product = mod(d * p.x * q.x * p.y * q.y, prime);
    return {
      x: mod((p.x * q.y + q.x * p.y) * invert(1n + product, prime), prime),
      y: mod((p.y * q.y + p.x * q.x) * invert(mod(1n - product, prime), prime), prime),
    };
  };
}
