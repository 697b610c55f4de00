-- A text without white space, no-break and zero-width ones too.
regexp_replace({text}, '[[:space:]' || chr(160) || chr(8203) || ']+', '', 'g')
