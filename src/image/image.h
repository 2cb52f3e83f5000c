// The image room: pixels out of bytes of strangers, and what is computed from pixels.
//
//   picture.h      Picture, Format, sniff
//   decoder.h      the seam Decoder; Inspection says what became of a file
//   resize.h       resizing as Pillow does it, cropping, mirroring
//   clip_input.h   what CLIP's image tower reads; thumbnails
//   fingerprint.h  Signature, perceptual hash, and the descriptor of colours and shapes
//   compare.h      whether two pictures are one
//   hash_index.h   hashes near a hash
//   duplicates.h   PictureIndex: a picture among many; groups of the same ones
//   cache.h        PictureCache: thumbnails and CLIP inputs on disk
//
// Promises: any bytes give a picture or a reason; sizes are checked before memory is taken; equal bytes give
// equal pixels.
// Never: opens a connection, or a file but those of its cache.
#pragma once

#include "image/cache.h"
#include "image/clip_input.h"
#include "image/compare.h"
#include "image/decoder.h"
#include "image/duplicates.h"
#include "image/fingerprint.h"
#include "image/hash_index.h"
#include "image/picture.h"
#include "image/resize.h"
