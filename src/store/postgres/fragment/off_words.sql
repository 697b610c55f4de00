-- The words by which hosts mark a setting as off, whatever the type of the column. Anything else means on.
('false', 'f', 'no', 'n', 'off', '0')
