"""The port ``VehicleCatalog`` on NHTSA's catalog of vehicles (vPIC), whole in ``ultravin``.

Offline, and read only when the first VIN is looked up: the library is 95 MB on disk, mapped by the
session process (docs/adr/0080-make-from-the-vin.md). What it says is offered and compared, never
applied by itself.
"""

from __future__ import annotations

from iies_tui.domain import vin as vins
from iies_tui.domain.vehicle import KnownVehicle


class VinCatalog:
    """Knows nothing where the library cannot be loaded: a machine that it is not built for."""

    def look_up(self, vin: str, year: int | None = None) -> KnownVehicle | None:
        """Make, model and year of a VIN whose check digit is right; None where they are not known.

        ``year`` is the model year typed, which tells the two cycles of position 10 apart.
        """
        if not vins.is_right(vin):
            return None
        try:
            from ultravin import decode
        except ImportError:
            return None
        found = decode(vin, year=year)
        attributes = found["attributes"]
        make, model = attributes.get("Make"), attributes.get("Model")
        if not isinstance(make, str) or not make:
            return None
        decoded = found["model_year"]
        known = decoded if decoded in vins.model_years(vin, (decoded or 0) + 1) else None
        return KnownVehicle(make.upper(), model if isinstance(model, str) else "", known)
