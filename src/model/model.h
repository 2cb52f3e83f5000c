// The nouns of creatordex: plain values, no I/O, no policy.
//
//   provenance.h  where a value came from and until when it may be kept
//   creator.h     RawRecord, Account, ContentItem, MetricSnapshot, Creator, Profile
//   picture.h     KnownPicture: a picture an account shows
//   document.h    what an index holds: Schema and Document
//   campaign.h    Brief, Campaign, MatchScore
//   query.h       what is asked: Filter, Retrieval; what a backend brings: Retrieved
//
// All types are values: copy, move and compare freely; share between threads only as const.
#pragma once

#include "model/campaign.h"
#include "model/creator.h"
#include "model/document.h"
#include "model/ids.h"
#include "model/picture.h"
#include "model/provenance.h"
#include "model/query.h"
