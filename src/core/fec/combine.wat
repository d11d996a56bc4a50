;; Linear combinations of shards over GF(2⁸), the inner loop of the erasure code. `node scripts/build-wasm.mjs` makes
;; combine-module.ts of it, and a test checks that the two agree.
;;
;; Memory: at 0 the nibble table (256 coefficients × 32 bytes: products with the low nibbles, then with the high ones);
;; matrix and shards where the caller says. A product of 16 bytes is two table look-ups (i8x16.swizzle) and an XOR.
(module
  (memory (export "memory") 1)

  ;; target[r] = Σ over c of matrix[r][c] · source[c]
  ;;
  ;; $targets, $sources  addresses of the first shards; the others follow every $pitch bytes, a multiple of 64
  ;; $matrix             address of the coefficients: $rows times $columns bytes, row by row
  (func (export "combine")
    (param $targets i32) (param $sources i32) (param $pitch i32)
    (param $matrix i32) (param $rows i32) (param $columns i32)
    (local $at i32) (local $source i32) (local $coefficient i32) (local $row_end i32) (local $table i32)
    (local $low_nibbles v128) (local $low_products v128) (local $high_products v128)
    (local $data0 v128) (local $data1 v128) (local $data2 v128) (local $data3 v128)
    (local $sum0 v128) (local $sum1 v128) (local $sum2 v128) (local $sum3 v128)

    (local.set $low_nibbles (v128.const i64x2 0x0f0f0f0f0f0f0f0f 0x0f0f0f0f0f0f0f0f))
    (loop $each_row
      (local.set $row_end (i32.add (local.get $matrix) (local.get $columns)))
      (local.set $at (i32.const 0))
      (loop $each_64_bytes
        (local.set $sum0 (v128.const i64x2 0 0))
        (local.set $sum1 (v128.const i64x2 0 0))
        (local.set $sum2 (v128.const i64x2 0 0))
        (local.set $sum3 (v128.const i64x2 0 0))
        (local.set $source (i32.add (local.get $sources) (local.get $at)))
        (local.set $coefficient (local.get $matrix))
        (loop $each_source
          (local.set $table (i32.shl (i32.load8_u (local.get $coefficient)) (i32.const 5)))
          (local.set $low_products (v128.load (local.get $table)))
          (local.set $high_products (v128.load offset=16 (local.get $table)))
          (local.set $data0 (v128.load (local.get $source)))
          (local.set $data1 (v128.load offset=16 (local.get $source)))
          (local.set $data2 (v128.load offset=32 (local.get $source)))
          (local.set $data3 (v128.load offset=48 (local.get $source)))
          ;; A shift of 16-bit lanes and a mask: x86 has no shift of bytes.
          (local.set $sum0 (v128.xor (local.get $sum0) (v128.xor
            (i8x16.swizzle (local.get $low_products) (v128.and (local.get $data0) (local.get $low_nibbles)))
            (i8x16.swizzle (local.get $high_products)
              (v128.and (i16x8.shr_u (local.get $data0) (i32.const 4)) (local.get $low_nibbles))))))
          (local.set $sum1 (v128.xor (local.get $sum1) (v128.xor
            (i8x16.swizzle (local.get $low_products) (v128.and (local.get $data1) (local.get $low_nibbles)))
            (i8x16.swizzle (local.get $high_products)
              (v128.and (i16x8.shr_u (local.get $data1) (i32.const 4)) (local.get $low_nibbles))))))
          (local.set $sum2 (v128.xor (local.get $sum2) (v128.xor
            (i8x16.swizzle (local.get $low_products) (v128.and (local.get $data2) (local.get $low_nibbles)))
            (i8x16.swizzle (local.get $high_products)
              (v128.and (i16x8.shr_u (local.get $data2) (i32.const 4)) (local.get $low_nibbles))))))
          (local.set $sum3 (v128.xor (local.get $sum3) (v128.xor
            (i8x16.swizzle (local.get $low_products) (v128.and (local.get $data3) (local.get $low_nibbles)))
            (i8x16.swizzle (local.get $high_products)
              (v128.and (i16x8.shr_u (local.get $data3) (i32.const 4)) (local.get $low_nibbles))))))
          (local.set $source (i32.add (local.get $source) (local.get $pitch)))
          (local.set $coefficient (i32.add (local.get $coefficient) (i32.const 1)))
          (br_if $each_source (i32.lt_u (local.get $coefficient) (local.get $row_end)))
        )
        (local.set $source (i32.add (local.get $targets) (local.get $at)))
        (v128.store (local.get $source) (local.get $sum0))
        (v128.store offset=16 (local.get $source) (local.get $sum1))
        (v128.store offset=32 (local.get $source) (local.get $sum2))
        (v128.store offset=48 (local.get $source) (local.get $sum3))
        (local.set $at (i32.add (local.get $at) (i32.const 64)))
        (br_if $each_64_bytes (i32.lt_u (local.get $at) (local.get $pitch)))
      )
      (local.set $targets (i32.add (local.get $targets) (local.get $pitch)))
      (local.set $matrix (local.get $row_end))
      (local.set $rows (i32.sub (local.get $rows) (i32.const 1)))
      (br_if $each_row (local.get $rows))
    )
  )
)
