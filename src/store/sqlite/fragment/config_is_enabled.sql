(lower(coalesce({g.enabled}, 'true')) not in ('false', 'f', '0', 'no', 'off'))
