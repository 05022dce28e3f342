;; What AdamW (../adamw.ts) and sums of gradients do to each number, four at a time. The host copies a block of up to 8,192 numbers of each
;; array in, calls, and copies what has changed out: blocks stay in the processor's cache, so that memory is gone through once.
;; `node scripts/wasm.ts` writes adamwModule.ts from this.
(module
  ;; Two pages, in bytes: θ from 0, m from 32768, v from 65536, the gradient from 98304.
  (memory (export "memory") 2)

  ;; One step on the first $end bytes of the block, at least 16 and a multiple of them.
  (func (export "step")
    (param $end i32)
    (param $scale f32) ;; of the gradient: clipping, and the loss scale's inverse
    (param $beta1 f32) (param $rest1 f32) ;; β₁, 1 − β₁
    (param $beta2 f32) (param $rest2 f32) ;; β₂, 1 − β₂
    (param $rate f32) ;; η/(1 − β₁ᵗ)
    (param $correction f32) ;; 1/√(1 − β₂ᵗ)
    (param $epsilon f32)
    (param $decay f32) ;; η·λ
    (local $at i32) (local $theta v128) (local $m v128) (local $v v128) (local $g v128)
    (loop $four
      (local.set $g (f32x4.mul (f32x4.splat (local.get $scale)) (v128.load offset=98304 (local.get $at))))
      ;; m ← β₁m + (1 − β₁)g
      (local.set $m (f32x4.add
        (f32x4.mul (f32x4.splat (local.get $beta1)) (v128.load offset=32768 (local.get $at)))
        (f32x4.mul (f32x4.splat (local.get $rest1)) (local.get $g))))
      ;; v ← β₂v + (1 − β₂)g²
      (local.set $v (f32x4.add
        (f32x4.mul (f32x4.splat (local.get $beta2)) (v128.load offset=65536 (local.get $at)))
        (f32x4.mul (f32x4.mul (f32x4.splat (local.get $rest2)) (local.get $g)) (local.get $g))))
      ;; θ ← θ − (η·λ·θ + η·(m/(1 − β₁ᵗ)) / (√(v/(1 − β₂ᵗ)) + ε))
      (local.set $theta (v128.load (local.get $at)))
      (v128.store offset=32768 (local.get $at) (local.get $m))
      (v128.store offset=65536 (local.get $at) (local.get $v))
      (v128.store (local.get $at) (f32x4.sub
        (local.get $theta)
        (f32x4.add
          (f32x4.mul (f32x4.splat (local.get $decay)) (local.get $theta))
          (f32x4.div
            (f32x4.mul (f32x4.splat (local.get $rate)) (local.get $m))
            (f32x4.add
              (f32x4.mul (f32x4.splat (local.get $correction)) (f32x4.sqrt (local.get $v)))
              (f32x4.splat (local.get $epsilon)))))))
      (br_if $four (i32.lt_u (local.tee $at (i32.add (local.get $at) (i32.const 16))) (local.get $end)))))

  ;; The gradient's block plus what lies in m's place, over the first $end bytes.
  (func (export "add") (param $end i32)
    (local $at i32)
    (loop $four
      (v128.store offset=98304 (local.get $at) (f32x4.add
        (v128.load offset=98304 (local.get $at))
        (v128.load offset=32768 (local.get $at))))
      (br_if $four (i32.lt_u (local.tee $at (i32.add (local.get $at) (i32.const 16))) (local.get $end)))))

  ;; Σ g² of the first $end bytes of the gradient's block, in float64.
  (func (export "squares") (param $end i32) (result f64)
    (local $at i32) (local $g v128) (local $pair v128) (local $even v128) (local $odd v128)
    (loop $four
      (local.set $g (v128.load offset=98304 (local.get $at)))
      (local.set $pair (f64x2.promote_low_f32x4 (local.get $g)))
      (local.set $even (f64x2.add (local.get $even) (f64x2.mul (local.get $pair) (local.get $pair))))
      (local.set $pair (f64x2.promote_low_f32x4
        (i8x16.shuffle 8 9 10 11 12 13 14 15 0 1 2 3 4 5 6 7 (local.get $g) (local.get $g))))
      (local.set $odd (f64x2.add (local.get $odd) (f64x2.mul (local.get $pair) (local.get $pair))))
      (br_if $four (i32.lt_u (local.tee $at (i32.add (local.get $at) (i32.const 16))) (local.get $end))))
    (local.set $even (f64x2.add (local.get $even) (local.get $odd)))
    (f64.add (f64x2.extract_lane 0 (local.get $even)) (f64x2.extract_lane 1 (local.get $even)))))
