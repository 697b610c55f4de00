-- True if the row g of the configuration is enabled. Anything but these words means on.
(lower(coalesce({g.enabled}, 'true')) not in ('false', 'f', '0', 'no', 'off'))
