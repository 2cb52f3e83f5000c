// The stages from source to index, each repeatable: pull, keep, normalise, resolve, derive, commit,
// embed, enrich, index.
//
//   import.h         one source to the store: raw records kept, normalised, committed; bad ones in quarantine
//   commit.h         normalised accounts to creators: merged, resolved, derived, all or nothing
//   passages.h       the texts of a creator that are embedded
//   embed_missing.h  the offline role: every text without a vector gets one
//   pictures.h       pictures of accounts kept, made small, embedded
//   picture_wishes.h    which pictures accounts show that are not kept yet
//   picture_report.h    the same pictures at several creators
//   picture_space.h     who puts pictures into a space of vectors
//   picture_vectors.h   those vectors as a whole: what is kept, how two spaces compare
//   enricher.h       creators judged by an annotator: first, on drift, with age
//   follower.h       the index in step with the store's change feed
//
// Promises: every stage may be stopped at any point and run again; nothing acknowledged is lost, nothing is
// doubled. Never: HTTP, configuration files.
#pragma once

#include "pipeline/commit.h"
#include "pipeline/embed_missing.h"
#include "pipeline/enricher.h"
#include "pipeline/follower.h"
#include "pipeline/import.h"
#include "pipeline/passages.h"
#include "pipeline/picture_report.h"
#include "pipeline/picture_space.h"
#include "pipeline/picture_vectors.h"
#include "pipeline/picture_wishes.h"
#include "pipeline/pictures.h"
