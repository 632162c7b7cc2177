country TM
# For the family of somebody, in Turkmen. Nobody learns whether anybody called (R25).
dial
< 1 Türkmençe⏎2 Turkmence a-z⏎3 Русский⏎4 English⏎8 SOS
> 1
< Nähili kömek edeli?⏎1 Howp⏎2 Maňa jaň ediň⏎3 Saglyk⏎4 Maslahat⏎9 Ýene
> 9
< Ýene:⏎1 Ýakynym üçin⏎2 Haýyşym⏎3 Maňa jaň etmäň⏎4 Hünärmenlere
> 1
< Näme boldy?⏎1 Derek ýok⏎2 Jogap ýok⏎3 Gaýdyp geldi⏎4 Maňa jaň ediň
> 1
< Ýazyň: soňky gezek haçan gürleşdiňiz, nirä, kim⏎9 Ýene
> 9
< bilen gitdi, kime işleýär, nomerleri. Habarlary⏎9 Ýene
> 9
< saklaň. Ilçihana ýa polisiýa gözläp biler: nähili⏎9 Ýene
> 9
< gözlejegini öňünden soraň. Nätanyşa pul bermäň.⏎9 Ýene
> 9
< Suratyny paýlaşmaň. Käbir adam tapylmak islänok.⏎1 Dowam
> 1
< Indi:⏎1 Maňa jaň ediň⏎2 Ýene okamak⏎0 Tamam
> 1
< Aladaňyz barada jaň edip bileris. Biri bizden kömek⏎9 Ýene
> 9
< sorapmy - hiç aýtmarys: hawa-da, ýok-da diýmeris.⏎9 Ýene
> 9
< Şonda her kim gorkman sorar, siz hem.⏎1 Dowam
> 1
< Size jaň edelimi?⏎1 Hawa⏎0 Ýok
> 1
< Kömekçi jaň eder. Nomeri bir wagtda bir gulluk görer.⏎{on} Dowam 0 Ýok
hang up

other dials
< 1 Türkmençe⏎2 Turkmence a-z⏎3 Русский⏎4 English⏎8 SOS
> 1
< Nähili kömek edeli?⏎1 Howp⏎2 Maňa jaň ediň⏎3 Saglyk⏎4 Maslahat⏎9 Ýene
> 9
< Ýene:⏎1 Ýakynym üçin⏎2 Haýyşym⏎3 Maňa jaň etmäň⏎4 Hünärmenlere
> 1
< Näme boldy?⏎1 Derek ýok⏎2 Jogap ýok⏎3 Gaýdyp geldi⏎4 Maňa jaň ediň
> 2
< Jogap ýok bolsa, belki işde, telefony ýok, gorkýar⏎9 Ýene
> 9
< ýa ümsümlik isleýär. Bir mylaýym habar ýazyň: sen⏎9 Ýene
> 9
< ýadymda, boşan wagtyň jaň et. Sorag bermäň:⏎9 Ýene
> 9
< başgalar okap biler. Hojaýynyna jaň etmäň.⏎9 Ýene
> 9
< Nomeriňizi çalyşmaň.⏎1 Dowam
> 1
< Indi:⏎1 Maňa jaň ediň⏎2 Ýene okamak⏎0 Tamam
> 2
< Näme boldy?⏎1 Derek ýok⏎2 Jogap ýok⏎3 Gaýdyp geldi⏎4 Maňa jaň ediň
> 3
< Ýanynda boluň. Iýsin, dynç alsyn, özi çözsün.⏎9 Ýene
> 9
< Günälemäň. Näme bolanyny soramaň, aýtsa diňläň.⏎9 Ýene
> 9
< Dymmak, gahar, gorky - adaty zat, geň görmäň.⏎9 Ýene
> 9
< Rugsatsyz hiç kime aýtmaň. Öleýin diýse, ýanynda⏎9 Ýene
> 9
< boluň, 02?, 03? nomerine jaň ediň.⏎1 Dowam
> 1
< Indi:⏎1 Maňa jaň ediň⏎2 Ýene okamak⏎0 Tamam
> 0
< Aman boluň. Howp bolsa: 02?, 03?. Gürleşmek: +99312463514?.

third dials
< 1 Türkmençe⏎2 Turkmence a-z⏎3 Русский⏎4 English⏎8 SOS
> 1
< Nähili kömek edeli?⏎1 Howp⏎2 Maňa jaň ediň⏎3 Saglyk⏎4 Maslahat⏎9 Ýene
> 9
< Ýene:⏎1 Ýakynym üçin⏎2 Haýyşym⏎3 Maňa jaň etmäň⏎4 Hünärmenlere
> 1
< Näme boldy?⏎1 Derek ýok⏎2 Jogap ýok⏎3 Gaýdyp geldi⏎4 Maňa jaň ediň
> 4
< Aladaňyz barada jaň edip bileris. Biri bizden kömek⏎9 Ýene
> 9
< sorapmy - hiç aýtmarys: hawa-da, ýok-da diýmeris.⏎9 Ýene
> 9
< Şonda her kim gorkman sorar, siz hem.⏎1 Dowam
> 1
< Size jaň edelimi?⏎1 Hawa⏎0 Ýok
> 0
< Aman boluň. Howp bolsa: 02?, 03?. Gürleşmek: +99312463514?.

