// Generated: node build/tools/fields.js
import { Order } from "../order";
import { Blockwise } from "./blockwise";

// Numbers are 21 signed limbs of 26 bits. R = 2^546.

/** The prime, its limbs not signed. */
// prettier-ignore
const PRIME: StaticArray<i32> = [
  67108863, 67108863, 67108863, 67108863, 67108863, 67108863, 67108863, 67108863, 67108863,
  67108863, 67108863, 67108863, 67108863, 67108863, 67108863, 67108863, 67108863, 67108863,
  67108863, 67108863, 1,
];

/** 1. */
// prettier-ignore
const ONE: StaticArray<i32> = [
  -33554432, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
];

/** R: the product with it brings a number into its form. */
// prettier-ignore
const SQUARE: StaticArray<i32> = [
  0, 16777216, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
];

/** The curve's b. */
// prettier-ignore
const B: StaticArray<i32> = [
  5346623, 27795328, 10746509, 27758458, -15697320, -6637072, -9029663, -23722518, 19330605,
  11073087, 2802471, 7833679, 23663395, 25885148, -28609738, -9103660, 23923330, 21827792, -7126030,
  30084209, -1, 0, 0, 0,
];

/** The prime less the base point's order, its limbs not signed. */
// prettier-ignore
const GAP: StaticArray<i32> = [
  46636022, 1194075, 59053129, 18733454, 63195702, 37590667, 54520688, 27677184, 8143056, 23830110,
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
];

/** The base point's order. */
// prettier-ignore
const ORDER: StaticArray<i32> = [
  288908297, 767483002, 432306923, 762474018, 161861691, 805643228, 963033084, 568389579,
  1073369478, 1073741823, 1073741823, 1073741823, 1073741823, 1073741823, 1073741823, 1073741823,
  1073741823, 2047,
];

/** R² modulo the order. */
// prettier-ignore
const ORDER_SQUARE: StaticArray<i32> = [
  250662904, 610164293, 700494526, 904380031, 913455324, 191597970, 295652491, 570392698, 896112350,
  256183005, 377212159, 458779193, 222649292, 256189620, 64149728, 1067651342, 442194490, 1678,
];

/** x and y of the base point times 1, 3, 5 and so on. */
// prettier-ignore
const POINTS: StaticArray<i32> = [
  13010318, 24305331, -3160520, -32186420, -8189227, -15096742, 6288668, 15599933, -21868036,
  -12847116, -11261588, -10851858, 5332673, -2453252, 2564264, -32185564, 4664169, -14719565,
  10303924, 3520544, 0, 0, 0, 0, 18364713, -1527000, -2978092, -32373690, 17646822, 10133048,
  -679700, -24786934, 5013899, 21802874, 26410446, 20575025, -10520018, 27407372, 8989427,
  -20133974, 5831224, -29020198, -8912756, -11287342, 1, 0, 0, 0, -5817035, -14952769, -30169636,
  -11522771, 17586278, 30890568, -21758909, 20310198, 6556219, -14344924, -30038045, 23843951,
  -10816478, -20095757, 30106184, -3298989, 23800617, 9352498, 19082171, 19013361, 0, 0, 0, 0,
  -12674300, -12361613, -15625154, 8524539, -8837301, -25656603, -2590494, -19499377, -18128805,
  -26753309, 25544123, 18525815, 32593471, -25064471, -719532, -6845780, 26570794, -3161245,
  6011699, 30142419, -1, 0, 0, 0, 6630388, -28862404, 23728862, 12175021, -3296986, 26536945,
  -26226892, 9958777, 2639586, -29970664, 8849282, -7619225, -33049230, -7957912, 31438504,
  33280715, -8348319, -18998839, 8804584, -30848707, 0, 0, 0, 0, -10754321, -10991514, -6783716,
  -4210502, -28645718, 15267844, -6373393, 11141385, 31909986, -1801322, 16215315, 16884612,
  -5230701, -16766729, -3026714, 8971976, -23789019, 18200969, 3857809, 14609200, 0, 0, 0, 0,
  5690834, 751210, 30781701, -15937522, -22938747, -29898080, -6523015, 20380039, 20033939,
  -24813597, -5143022, -4683165, 3253638, 1643640, 1908393, 6486295, 1445492, -10801171, -1283874,
  -20124964, 0, 0, 0, 0, -29545189, -23948658, 24213793, -1844509, -28001346, -3196103, -29768884,
  18684461, 20731690, 21620470, -22185442, 20340467, -4738284, -25661767, 5899525, -3822036,
  7580937, 15472829, 5513754, -1254059, 1, 0, 0, 0,
];

/** The curve P521 (SP 800-186 §3.2.1) and its field. */
// prettier-ignore
export class P521 extends Blockwise {
  constructor() {
    super(21, 26, PRIME, ONE, SQUARE, B, GAP, new Order(ORDER, ORDER_SQUARE), POINTS, 4);
  }

  protected reduce(out: usize, columns: usize): void {
    let t = load<i64>(columns, 0);
    const q0 = (t << 38) >> 38;
    let carry = (t + 33554432) >> 26;
    t = load<i64>(columns, 8) + carry;
    const q1 = (t << 38) >> 38;
    carry = (t + 33554432) >> 26;
    t = load<i64>(columns, 16) + carry;
    const q2 = (t << 38) >> 38;
    carry = (t + 33554432) >> 26;
    t = load<i64>(columns, 24) + carry;
    const q3 = (t << 38) >> 38;
    carry = (t + 33554432) >> 26;
    t = load<i64>(columns, 32) + carry;
    const q4 = (t << 38) >> 38;
    carry = (t + 33554432) >> 26;
    t = load<i64>(columns, 40) + carry;
    const q5 = (t << 38) >> 38;
    carry = (t + 33554432) >> 26;
    t = load<i64>(columns, 48) + carry;
    const q6 = (t << 38) >> 38;
    carry = (t + 33554432) >> 26;
    t = load<i64>(columns, 56) + carry;
    const q7 = (t << 38) >> 38;
    carry = (t + 33554432) >> 26;
    t = load<i64>(columns, 64) + carry;
    const q8 = (t << 38) >> 38;
    carry = (t + 33554432) >> 26;
    t = load<i64>(columns, 72) + carry;
    const q9 = (t << 38) >> 38;
    carry = (t + 33554432) >> 26;
    t = load<i64>(columns, 80) + carry;
    const q10 = (t << 38) >> 38;
    carry = (t + 33554432) >> 26;
    t = load<i64>(columns, 88) + carry;
    const q11 = (t << 38) >> 38;
    carry = (t + 33554432) >> 26;
    t = load<i64>(columns, 96) + carry;
    const q12 = (t << 38) >> 38;
    carry = (t + 33554432) >> 26;
    t = load<i64>(columns, 104) + carry;
    const q13 = (t << 38) >> 38;
    carry = (t + 33554432) >> 26;
    t = load<i64>(columns, 112) + carry;
    const q14 = (t << 38) >> 38;
    carry = (t + 33554432) >> 26;
    t = load<i64>(columns, 120) + carry;
    const q15 = (t << 38) >> 38;
    carry = (t + 33554432) >> 26;
    t = load<i64>(columns, 128) + carry;
    const q16 = (t << 38) >> 38;
    carry = (t + 33554432) >> 26;
    t = load<i64>(columns, 136) + carry;
    const q17 = (t << 38) >> 38;
    carry = (t + 33554432) >> 26;
    t = load<i64>(columns, 144) + carry;
    const q18 = (t << 38) >> 38;
    carry = (t + 33554432) >> 26;
    t = load<i64>(columns, 152) + carry;
    const q19 = (t << 38) >> 38;
    carry = (t + 33554432) >> 26;
    t = load<i64>(columns, 160) + (q0 << 1) + carry;
    const q20 = (t << 38) >> 38;
    carry = (t + 33554432) >> 26;
    t = load<i64>(columns, 168) + (q1 << 1) + carry;
    carry = (t + 33554432) >> 26;
    store<i32>(out, t - (carry << 26), 0);
    t = load<i64>(columns, 176) + (q2 << 1) + carry;
    carry = (t + 33554432) >> 26;
    store<i32>(out, t - (carry << 26), 4);
    t = load<i64>(columns, 184) + (q3 << 1) + carry;
    carry = (t + 33554432) >> 26;
    store<i32>(out, t - (carry << 26), 8);
    t = load<i64>(columns, 192) + (q4 << 1) + carry;
    carry = (t + 33554432) >> 26;
    store<i32>(out, t - (carry << 26), 12);
    t = load<i64>(columns, 200) + (q5 << 1) + carry;
    carry = (t + 33554432) >> 26;
    store<i32>(out, t - (carry << 26), 16);
    t = load<i64>(columns, 208) + (q6 << 1) + carry;
    carry = (t + 33554432) >> 26;
    store<i32>(out, t - (carry << 26), 20);
    t = load<i64>(columns, 216) + (q7 << 1) + carry;
    carry = (t + 33554432) >> 26;
    store<i32>(out, t - (carry << 26), 24);
    t = load<i64>(columns, 224) + (q8 << 1) + carry;
    carry = (t + 33554432) >> 26;
    store<i32>(out, t - (carry << 26), 28);
    t = load<i64>(columns, 232) + (q9 << 1) + carry;
    carry = (t + 33554432) >> 26;
    store<i32>(out, t - (carry << 26), 32);
    t = load<i64>(columns, 240) + (q10 << 1) + carry;
    carry = (t + 33554432) >> 26;
    store<i32>(out, t - (carry << 26), 36);
    t = load<i64>(columns, 248) + (q11 << 1) + carry;
    carry = (t + 33554432) >> 26;
    store<i32>(out, t - (carry << 26), 40);
    t = load<i64>(columns, 256) + (q12 << 1) + carry;
    carry = (t + 33554432) >> 26;
    store<i32>(out, t - (carry << 26), 44);
    t = load<i64>(columns, 264) + (q13 << 1) + carry;
    carry = (t + 33554432) >> 26;
    store<i32>(out, t - (carry << 26), 48);
    t = load<i64>(columns, 272) + (q14 << 1) + carry;
    carry = (t + 33554432) >> 26;
    store<i32>(out, t - (carry << 26), 52);
    t = load<i64>(columns, 280) + (q15 << 1) + carry;
    carry = (t + 33554432) >> 26;
    store<i32>(out, t - (carry << 26), 56);
    t = load<i64>(columns, 288) + (q16 << 1) + carry;
    carry = (t + 33554432) >> 26;
    store<i32>(out, t - (carry << 26), 60);
    t = load<i64>(columns, 296) + (q17 << 1) + carry;
    carry = (t + 33554432) >> 26;
    store<i32>(out, t - (carry << 26), 64);
    t = load<i64>(columns, 304) + (q18 << 1) + carry;
    carry = (t + 33554432) >> 26;
    store<i32>(out, t - (carry << 26), 68);
    t = load<i64>(columns, 312) + (q19 << 1) + carry;
    carry = (t + 33554432) >> 26;
    store<i32>(out, t - (carry << 26), 72);
    t = load<i64>(columns, 320) + (q20 << 1) + carry;
    carry = (t + 33554432) >> 26;
    store<i32>(out, t - (carry << 26), 76);
    store<i32>(out, carry, 80);
  }
}
