import { Edwards } from "./field/edwards";

/**
 * A point (x/z, y/z) of a twisted Edwards curve with a = -1, in extended coordinates (RFC 8032 §5.1.4): their t, xy/z,
 * is held as two factors, for only additions need it. For public numbers only: how long it takes depends on them.
 */
export class Extended {
  readonly x: usize;
  readonly y: usize;
  readonly z: usize;
  // The factors of t, and what the formulas need besides.
  private readonly e: usize;
  private readonly h: usize;
  private readonly f: usize;
  private readonly g: usize;

  /** The neutral point, (0, 1). */
  constructor(private readonly curve: Edwards) {
    this.x = curve.alloc(1);
    this.y = curve.alloc(1);
    this.z = curve.alloc(1);
    this.e = curve.alloc(1);
    this.h = curve.alloc(1);
    this.f = curve.alloc(1);
    this.g = curve.alloc(1);
    curve.sub(this.x, curve.one, curve.one);
    this.set(this.x, curve.one);
  }

  /** Becomes an affine point. */
  set(x: usize, y: usize): void {
    const curve = this.curve;
    curve.copy(this.x, x);
    curve.copy(this.y, y);
    curve.copy(this.z, curve.one);
    curve.copy(this.e, x);
    curve.copy(this.h, y);
  }

  /** Whether it is a point of order 1, 2, 4 or 8; it is another point afterwards. */
  isSmall(): bool {
    for (let i = 0; i < 3; i++) this.double();
    // Of the two points with x = 0, the neutral one is that of odd order.
    return this.curve.isZero(this.x);
  }

  /** Doubles the point: 3M + 4S. */
  double(): void {
    const curve = this.curve;
    // h = y² + x², g = y² - x², e = (x + y)² - h, f = 2z² - g
    curve.add(this.e, this.x, this.y);
    curve.sqr(this.e, this.e);
    curve.sqr(this.x, this.x);
    curve.sqr(this.y, this.y);
    curve.sqr(this.z, this.z);
    curve.sub(this.g, this.y, this.x);
    curve.add(this.h, this.y, this.x);
    curve.sub(this.e, this.e, this.h);
    curve.add(this.f, this.z, this.z);
    curve.sub(this.f, this.f, this.g);
    this.complete();
  }

  /** Adds or takes away a point of a table: y - x, y + x and 2dxy one behind the other: 7M. */
  addAffine(point: usize, isNegative: bool): void {
    this.curve.add(this.z, this.z, this.z);
    this.addTo(point, isNegative);
  }

  /** Adds or takes away a point that was saved: 8M. */
  addSaved(point: usize, isNegative: bool): void {
    this.curve.mul(this.z, this.z, point + 3 * this.curve.bytes);
    this.addTo(point, isNegative);
  }

  /** Writes y - x, y + x, 2dt and 2z one behind the other. */
  save(point: usize): void {
    const curve = this.curve;
    const bytes = curve.bytes;
    const t = point + 2 * bytes;
    curve.sub(point, this.y, this.x);
    curve.add(point + bytes, this.y, this.x);
    curve.mul(t, this.e, this.h);
    curve.mul(t, t, curve.d);
    curve.add(t, t, t);
    curve.add(t + bytes, this.z, this.z);
  }

  /** The sum, z being the product of both points' and 2. To take a point away is to add (-x, y). */
  private addTo(point: usize, isNegative: bool): void {
    const curve = this.curve;
    const bytes = curve.bytes;
    const t = this.f;
    const difference = isNegative ? point + bytes : point;
    const sum = isNegative ? point : point + bytes;
    curve.mul(t, this.e, this.h);
    curve.mul(t, t, point + 2 * bytes);
    curve.sub(this.e, this.y, this.x);
    curve.add(this.h, this.y, this.x);
    curve.mul(this.x, this.e, difference);
    curve.mul(this.y, this.h, sum);
    curve.sub(this.e, this.y, this.x);
    curve.add(this.h, this.y, this.x);
    if (isNegative) {
      curve.sub(this.g, this.z, t);
      curve.add(this.f, this.z, t);
    } else {
      curve.add(this.g, this.z, t);
      curve.sub(this.f, this.z, t);
    }
    this.complete();
  }

  /** x = ef, y = gh, z = fg and, if it is needed, t = eh. */
  private complete(): void {
    const curve = this.curve;
    curve.mul(this.x, this.e, this.f);
    curve.mul(this.y, this.g, this.h);
    curve.mul(this.z, this.f, this.g);
  }
}
