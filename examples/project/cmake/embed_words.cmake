# cmake -DINPUT=words.txt -DOUTPUT=words.inc -P embed_words.cmake: one C++ string literal for each line.
file(STRINGS "${INPUT}" words)
set(text "")
foreach(word IN LISTS words)
  string(APPEND text "\"${word}\",\n")
endforeach()
file(WRITE "${OUTPUT}" "${text}")
