import { Weierstrass } from "./field/weierstrass";

/**
 * A point (x/z², y/z³) of a curve with a = -3; infinity if z is 0. For public numbers only: how long it takes
 * depends on them. Between calls, the limbs of x and z are those of a product, those of y of no more than two.
 */
export class Jacobian {
  readonly x: usize;
  readonly y: usize;
  readonly z: usize;
  // What the formulas need besides.
  private readonly s: usize;
  private readonly t: usize;
  private readonly u: usize;
  private readonly v: usize;

  /** Infinity. */
  constructor(private readonly curve: Weierstrass) {
    this.x = curve.alloc(1);
    this.y = curve.alloc(1);
    this.z = curve.alloc(1);
    this.s = curve.alloc(1);
    this.t = curve.alloc(1);
    this.u = curve.alloc(1);
    this.v = curve.alloc(1);
    curve.sub(this.z, curve.one, curve.one);
  }

  get isInfinity(): bool {
    return this.curve.isZero(this.z);
  }

  /** Doubles the point: 4M + 4S. */
  double(): void {
    const curve = this.curve;
    const slope = this.s;
    const t = this.t;
    const yy = this.u;
    const xyy = this.v;
    // slope = 3x² - 3z⁴ = 3(x - z²)(x + z²)
    curve.sqr(t, this.z);
    curve.sub(slope, this.x, t);
    curve.add(t, this.x, t);
    curve.mul(t, slope, t);
    curve.add(slope, t, t);
    curve.add(slope, slope, t);
    // z' = 2yz
    curve.add(t, this.y, this.y);
    curve.mul(this.z, this.z, t);
    // x' = slope² - 8xy²
    curve.sqr(yy, this.y);
    curve.add(yy, yy, yy);
    curve.add(t, yy, yy);
    curve.mul(xyy, this.x, t);
    curve.sqr(this.x, slope);
    curve.subTwice(this.x, this.x, xyy);
    // y' = slope·(4xy² - x') - 8y⁴
    curve.sub(t, xyy, this.x);
    curve.mul(this.y, slope, t);
    curve.sqr(yy, yy);
    curve.subTwice(this.y, this.y, yy);
  }

  /** Adds or takes away an affine point, x and y one behind the other: 8M + 3S. */
  addAffine(point: usize, isNegative: bool): void {
    if (this.isInfinity) {
      this.set(point, this.curve.one, isNegative);
      return;
    }
    this.scale(point);
    this.finish(isNegative);
  }

  /** Adds or takes away a point that was saved: 12M + 3S. */
  addSaved(point: usize, isNegative: bool): void {
    const curve = this.curve;
    const bytes = curve.bytes;
    const z = point + 2 * bytes;
    if (this.isInfinity) {
      this.set(point, z, isNegative);
      return;
    }
    this.scale(point);
    curve.mul(this.x, this.x, z + bytes);
    curve.mul(this.y, this.y, z + 2 * bytes);
    curve.mul(this.z, this.z, z);
    this.finish(isNegative);
  }

  /** Writes x, y, z, z² and z³ one behind the other; the point must not be infinity. */
  save(point: usize): void {
    const curve = this.curve;
    const bytes = curve.bytes;
    const z = point + 2 * bytes;
    curve.copy(point, this.x);
    curve.copy(point + bytes, this.y);
    curve.copy(z, this.z);
    curve.sqr(z + bytes, z);
    curve.mul(z + 2 * bytes, z + bytes, z);
  }

  /** Becomes a point of x and y one behind the other, and of z. */
  set(point: usize, z: usize, isNegative: bool): void {
    const curve = this.curve;
    const y = point + curve.bytes;
    curve.copy(this.x, point);
    curve.copy(this.y, y);
    curve.copy(this.z, z);
    if (isNegative) curve.subTwice(this.y, y, y);
  }

  /** Brings another point's x and y to this one's denominators. */
  private scale(point: usize): void {
    const curve = this.curve;
    curve.sqr(this.s, this.z);
    curve.mul(this.t, this.s, this.z);
    curve.mul(this.s, this.s, point);
    curve.mul(this.t, this.t, point + curve.bytes);
  }

  /** Adds or takes away a point whose x and y are in s and t, both having the same denominators. */
  private finish(isNegative: bool): void {
    const curve = this.curve;
    const h = this.s;
    const r = this.t;
    const hh = this.u;
    const xhh = this.v;
    curve.sub(h, h, this.x);
    // To take away is to add (s, -t): r is -t - y. It stands here as t + y, and its sign where it matters.
    if (isNegative) curve.add(r, r, this.y);
    else curve.sub(r, r, this.y);
    curve.sqr(hh, h);
    if (curve.isZero(hh)) {
      curve.sqr(hh, r);
      if (curve.isZero(hh)) this.double();
      else curve.sub(this.z, this.z, this.z);
      return;
    }
    // z' = zh
    curve.mul(this.z, this.z, h);
    // x' = r² - h³ - 2xh²
    curve.mul(xhh, this.x, hh);
    curve.mul(hh, hh, h);
    curve.sqr(this.x, r);
    curve.sub(this.x, this.x, hh);
    curve.subTwice(this.x, this.x, xhh);
    // y' = r(xh² - x') - yh³
    curve.mul(this.y, this.y, hh);
    if (isNegative) curve.sub(xhh, this.x, xhh);
    else curve.sub(xhh, xhh, this.x);
    curve.mul(r, r, xhh);
    curve.sub(this.y, r, this.y);
  }
}
