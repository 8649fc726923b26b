"""GeoPackages made by hand, so that they can hold what no writer would write."""

import contextlib
import sqlite3
import struct

import shapely

WGS84 = 'GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563]],PRIMEM["Greenwich",0],UNIT["degree",0.0174532925199433]]'


class GeoPackage:
    """A GeoPackage under construction."""

    def __init__(self, path):
        self.path = path
        self.db = sqlite3.connect(path)
        self.db.executescript("""
            PRAGMA application_id = 1196444487; PRAGMA user_version = 10300;
            CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT NOT NULL, srs_id INTEGER PRIMARY KEY,
              organization TEXT NOT NULL, organization_coordsys_id INTEGER NOT NULL, definition TEXT NOT NULL,
              description TEXT);
            CREATE TABLE gpkg_contents (table_name TEXT PRIMARY KEY, data_type TEXT NOT NULL, identifier TEXT,
              description TEXT DEFAULT '', last_change DATETIME NOT NULL DEFAULT '2026-01-01T00:00:00Z', min_x DOUBLE,
              min_y DOUBLE, max_x DOUBLE, max_y DOUBLE, srs_id INTEGER);
            CREATE TABLE gpkg_geometry_columns (table_name TEXT PRIMARY KEY, column_name TEXT NOT NULL,
              geometry_type_name TEXT NOT NULL, srs_id INTEGER NOT NULL, z TINYINT NOT NULL, m TINYINT NOT NULL);
        """)
        for srs, organisation, definition in [(-1, "NONE", "undefined"), (0, "NONE", "undefined"), (4326, "EPSG", WGS84),
                                              (25832, "EPSG", "see the register"), (3035, "EPSG", "see the register")]:
            self.db.execute("INSERT INTO gpkg_spatial_ref_sys VALUES (?, ?, ?, ?, ?, '')",
                            (str(srs), srs, organisation, srs, definition))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.db.commit()
        self.db.close()

    def table(self, name, columns, rows, *, geometry=None, srs=4326, title=None, description="", z=0, m=0):
        """A table; `geometry` is the column and the type of its geometries, which rows hold as shapely's or bytes."""
        self.db.execute(f'CREATE TABLE "{name}" ({columns})')
        self.register(name, geometry=geometry, srs=srs, title=title, description=description, z=z, m=m)
        for row in rows:
            values = [blob(value, srs) if isinstance(value, shapely.Geometry) else value for value in row]
            self.db.execute(f'INSERT INTO "{name}" VALUES ({", ".join("?" * len(values))})', values)

    def register(self, name, *, geometry=None, srs=4326, title=None, description="", z=0, m=0):
        kind = "features" if geometry else "attributes"
        self.db.execute(
            "INSERT INTO gpkg_contents (table_name, data_type, identifier, description, srs_id) VALUES (?, ?, ?, ?, ?)",
            (name, kind, title or name, description, srs if geometry else None))
        if geometry:
            self.db.execute("INSERT INTO gpkg_geometry_columns VALUES (?, ?, ?, ?, ?, ?)",
                            (name, geometry[0], geometry[1], srs, z, m))


def blob(shape, srs=4326, wkb=None):
    """The value of a geometry column, without an envelope."""
    return b"GP\0\1" + struct.pack("<i", srs) + (wkb or shapely.to_wkb(shape, byte_order=1, flavor="iso"))


@contextlib.contextmanager
def changing(path):
    """An open connection that changes a file."""
    db = sqlite3.connect(path)
    try:
        yield db
        db.commit()
    finally:
        db.close()
