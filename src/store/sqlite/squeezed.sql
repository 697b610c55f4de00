-- A text without white space, no-break and zero-width ones too.
replace(replace(replace(replace(replace(replace(cast({text} as text),
  ' ', ''), char(9), ''), char(10), ''), char(13), ''), char(160), ''), char(8203), '')
