-- How hosts write that something is switched off, whatever the type of their column; all else is on.
('false', 'f', 'no', 'n', 'off', '0')
