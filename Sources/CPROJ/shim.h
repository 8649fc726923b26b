#ifndef KOMPASS_CPROJ_SHIM_H
#define KOMPASS_CPROJ_SHIM_H
#include <proj.h>
#include <geodesic.h>
#endif
