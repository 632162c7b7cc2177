country TM
# Where each key of the first screens leads, in Turkmen with the letters of old telephones.
dial
< 1 Türkmençe⏎2 Turkmence a-z⏎3 Русский⏎4 English⏎5 O'zbekcha⏎8 SOS
> 8
< SOS: polisiýa 002? 02?, lukman/врач 003? 03?, talk +99312463514?.

other dials
< 1 Türkmençe⏎2 Turkmence a-z⏎3 Русский⏎4 English⏎5 O'zbekcha⏎8 SOS
> 2
< Kömek:⏎1 Howp⏎2 Mana jan edin⏎3 Saglyk⏎4 Maslahat⏎5 Yakynyma⏎9 Yene
> 1
< Polisiya 002? 02?, lukman 003? 03?.⏎1 Gürläp bilemok⏎2 Mana jan⏎0 Yza
> 0
< Kömek:⏎1 Howp⏎2 Mana jan edin⏎3 Saglyk⏎4 Maslahat⏎5 Yakynyma⏎9 Yene
> 2
< Jan ederis. Nomer bir wagtda bir gullukda, in köp 30 gün⏎{on_b} Dowam 0 Yok
hang up

third dials
< 1 Türkmençe⏎2 Turkmence a-z⏎3 Русский⏎4 English⏎5 O'zbekcha⏎8 SOS
> 2
< Kömek:⏎1 Howp⏎2 Mana jan edin⏎3 Saglyk⏎4 Maslahat⏎5 Yakynyma⏎9 Yene
> 3
< Zor bilen gatnasyk? 72 sagat icinde: AIW-e (SPID) garsy derman. 120 sagat (5 gün) icinde: göwreli bolmazlyga kömek bar. Prezerwatiwsiz bolsa-da seyle.⏎9 Yene
> 9
< Derrew baryn. Näce ir bolsa, sonca gowy. Dokument, pul yokmy? Sonda-da baryn. Gic bolsa-da, baryn.⏎1 Dowam
> 0
< Kömek:⏎1 Howp⏎2 Mana jan edin⏎3 Saglyk⏎4 Maslahat⏎5 Yakynyma⏎9 Yene
> 4
< Maslahat:⏎1 Is⏎2 Dokumentler⏎3 Bergi⏎4 Öye gaytmak⏎9 Yene⏎0 Yza
> 0
< Kömek:⏎1 Howp⏎2 Mana jan edin⏎3 Saglyk⏎4 Maslahat⏎5 Yakynyma⏎9 Yene
> 9
< Yene:⏎1 Nomerler⏎2 Hayysym⏎3 Jany bes etmek⏎4 Hünärmenlere⏎0 Yza
> 1
< Gürlesmek +99312463514?. Ilki soran: kime aydarlar? Howp bolsa: 002?, 003?.⏎1 Dowam
> 1
< Basga yurtdamy? Nirede?⏎1 Russiya⏎2 Gazagystan⏎3 Türkiye⏎4 Koreya⏎5 Emirlikler⏎6 Polsa⏎7 Basga yurt⏎0 Yok
> 0
< Indi näme?⏎1 Mana jan edin⏎2 Basga maslahat⏎0 Tamam

third dials
> 2
> 9
> 1
< Gürlesmek +99312463514?. Ilki soran: kime aydarlar? Howp bolsa: 002?, 003?.⏎1 Dowam
> 0
< Yene:⏎1 Nomerler⏎2 Hayysym⏎3 Jany bes etmek⏎4 Hünärmenlere⏎0 Yza
> 2
< Hayysym:⏎1 Habar barmy?⏎2 Basga wagt⏎3 Nomerimi pozun⏎9 Yene⏎0 Yza
> 0
< Yene:⏎1 Nomerler⏎2 Hayysym⏎3 Jany bes etmek⏎4 Hünärmenlere⏎0 Yza
> 3
< Arakesme: jan edilmez. Yene jan: aylan, Hayysym, 2. Nomeri pozmak: 3.

fourth dials
< 1 Türkmençe⏎2 Turkmence a-z⏎3 Русский⏎4 English⏎5 O'zbekcha⏎8 SOS
> 2
< Kömek:⏎1 Howp⏎2 Mana jan edin⏎3 Saglyk⏎4 Maslahat⏎5 Yakynyma⏎9 Yene
> 9
< Yene:⏎1 Nomerler⏎2 Hayysym⏎3 Jany bes etmek⏎4 Hünärmenlere⏎0 Yza
> 4
< Men:⏎1 Mugallym⏎2 Lukman⏎3 Polisiya, serhet⏎4 Is beriji⏎0 Yza
> 0
< Yene:⏎1 Nomerler⏎2 Hayysym⏎3 Jany bes etmek⏎4 Hünärmenlere⏎0 Yza
> 0
< Kömek:⏎1 Howp⏎2 Mana jan edin⏎3 Saglyk⏎4 Maslahat⏎5 Yakynyma⏎9 Yene
> 4
< Maslahat:⏎1 Is⏎2 Dokumentler⏎3 Bergi⏎4 Öye gaytmak⏎9 Yene⏎0 Yza
> 2
< Näme barada:⏎1 Pasport⏎2 Yurdum yok⏎3 Serhet⏎0 Yza
> 1
< Pasport sizinki. Bergi bolsa-da, ony alyp galmaga hic kimin haky yok. Dine howp yok bolsa, yzyna soran.⏎9 Yene
> 9
< Yitdimi, aldylarmy? Ilcihanadan gaydyp gelmek sahadatnamasyny soran. Pasportyn suraty, nomeri kömek eder.⏎1 Dowam
> 1
< Indi näme?⏎1 Mana jan edin⏎2 Basga maslahat⏎0 Tamam
> 1
< Jan ederis. Nomer bir wagtda bir gullukda, in köp 30 gün⏎{on_d} Dowam 0 Yok
hang up

fifth dials
< 1 Türkmençe⏎2 Turkmence a-z⏎3 Русский⏎4 English⏎5 O'zbekcha⏎8 SOS
> 2
< Kömek:⏎1 Howp⏎2 Mana jan edin⏎3 Saglyk⏎4 Maslahat⏎5 Yakynyma⏎9 Yene
> 4
< Maslahat:⏎1 Is⏎2 Dokumentler⏎3 Bergi⏎4 Öye gaytmak⏎9 Yene⏎0 Yza
> 2
< Näme barada:⏎1 Pasport⏎2 Yurdum yok⏎3 Serhet⏎0 Yza
> 1
< Pasport sizinki. Bergi bolsa-da, ony alyp galmaga hic kimin haky yok. Dine howp yok bolsa, yzyna soran.⏎9 Yene
> 9
< Yitdimi, aldylarmy? Ilcihanadan gaydyp gelmek sahadatnamasyny soran. Pasportyn suraty, nomeri kömek eder.⏎1 Dowam
> 1
< Indi näme?⏎1 Mana jan edin⏎2 Basga maslahat⏎0 Tamam
> 2
< Maslahat:⏎1 Is⏎2 Dokumentler⏎3 Bergi⏎4 Öye gaytmak⏎9 Yene⏎0 Yza
> 0
< Indi näme?⏎1 Mana jan edin⏎2 Basga maslahat⏎0 Tamam
> 0
< Aman bolun. Islän wagtynyz aylan. Howp bolsa: 002?, 003?.

