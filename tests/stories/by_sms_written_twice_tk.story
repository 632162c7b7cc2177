country TM
# Who writes the word again before they answer reads what to send. In Turkmen, also in Cyrillic letters.
caller sends: jaň ediň
caller gets: Salam. Size jaň etsek bolarmy?⏎1 Hawa 0 Ýok
caller sends: jaň ediň
caller gets: 1 ýazsaňyz, size oňaýly wagtda jaň ederis.⏎1 Hawa 0 Ýok
caller sends: 0
caller gets: Bolýar, üýtgeşme ýok. Jaň gerek bolsa JAŇ EDIŇ, bolmasa TOGTAT ýazyň.
# In danger.
other sends: howp
other gets: Salam. Size jaň etsek bolarmy?⏎1 Hawa 0 Ýok
other sends: мени урярлар
other gets: 1 ýazsaňyz, size oňaýly wagtda jaň ederis.⏎1 Hawa 0 Ýok
other sends: 1
other gets: Haçan oňaýly?⏎1 Iki sagadyň içinde 2 Soňrak 0 Ýok
other sends: 1
other gets: Bolýar. Biz {ours} diýeris, siz {word}. Muny pozuň.⏎1 Soňam 0 Tamam
request is offered
# After their words they are asked again, in a dialogue of its own. The request stays as it is.
other sends: howp
other gets: Salam. Size jaň etsek bolarmy?⏎1 Hawa 0 Ýok
request is offered
# About somebody close: urgent stays a key.
third sends: maşgala
third gets: Salam. Aladaňyz barada jaň edelimi?⏎1 Hawa 2 Gyssagly 0 Ýok
third sends: maşgala
third gets: 1 ýazsaňyz, size oňaýly wagtda jaň ederis.⏎1 Hawa 2 Gyssagly 0 Ýok
third sends: 2
third gets: Haçan oňaýly?⏎1 Iki sagadyň içinde 2 Soňrak 0 Ýok
# About somebody close in danger.
fourth sends: maşgala
fourth gets: Salam. Aladaňyz barada jaň edelimi?⏎1 Hawa 2 Gyssagly 0 Ýok
fourth sends: howp
fourth gets: Salam. Aladaňyz barada jaň edelimi?⏎1 Hawa 0 Ýok
fourth sends: гызымы саклаярлар
fourth gets: 1 ýazsaňyz, size oňaýly wagtda jaň ederis.⏎1 Hawa 0 Ýok
fourth sends: 1
fourth gets: Haçan oňaýly?⏎1 Iki sagadyň içinde 2 Soňrak 0 Ýok
