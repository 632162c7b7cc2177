country TM
# For the family of somebody, in Turkmen. Nobody learns whether anybody called (R25).
dial
< 1 Türkmençe⏎2 Turkmence a-z⏎3 Русский⏎4 English⏎8 SOS
> 1
< Nähili kömek edeli?⏎1 Howp⏎2 Maňa jaň ediň⏎3 Saglyk⏎4 Maslahat⏎9 Ýene
> 9
< Ýene:⏎1 Ýakynym üçin⏎2 Haýyşym⏎3 Jaňy bes etmek⏎4 Hünärmenlere
> 1
< Näme boldy?⏎1 Habar ýok⏎2 Jogap ýok⏎3 Gaýdyp geldi⏎4 Maňa jaň ediň
> 1
< Soňky gezek haçan gürleşdiňiz?⏎9 Ýene
> 9
< Nirä, kim bilen gitdi, kime işleýär?⏎9 Ýene
> 9
< Ählisini, nomerlerini hem ýazyň. Habarlary saklaň.⏎9 Ýene
> 9
< Ilçihana ýa polisiýa gözläp biler.⏎9 Ýene
> 9
< Nähili gözlejegini öňünden soraň. Nätanyşa pul bermäň.⏎9 Ýene
> 9
< Suratyny paýlaşmaň. Käbir adam tapylmak islänok.⏎1 Dowam
> 1
< Indi:⏎1 Maňa jaň ediň⏎2 Ýene okamak⏎0 Tamam
> 1
< Size aladaňyz barada jaň edip bileris.⏎9 Ýene
> 9
< Kim kömek sorady, hiç kime aýtmarys. Hawa-da, ýok-da diýmeris.⏎9 Ýene
> 9
< Şonda her kim gorkman sorar, siz hem.⏎1 Dowam
> 1
< Size jaň edelimi?⏎1 Hawa⏎0 Ýok
> 1
< Jaň ederis. Nomer bir wagtda bir gullukda. Bes şunda.⏎{on} Dowam 0 Ýok
hang up

other dials
< 1 Türkmençe⏎2 Turkmence a-z⏎3 Русский⏎4 English⏎8 SOS
> 1
< Nähili kömek edeli?⏎1 Howp⏎2 Maňa jaň ediň⏎3 Saglyk⏎4 Maslahat⏎9 Ýene
> 9
< Ýene:⏎1 Ýakynym üçin⏎2 Haýyşym⏎3 Jaňy bes etmek⏎4 Hünärmenlere
> 1
< Näme boldy?⏎1 Habar ýok⏎2 Jogap ýok⏎3 Gaýdyp geldi⏎4 Maňa jaň ediň
> 2
< Jogap ýokmy? Belki işde, telefony ýok ýa-da gorkýar.⏎9 Ýene
> 9
< Bir mylaýym habar ýazyň: sen ýadymda, boşan wagtyň jaň et.⏎9 Ýene
> 9
< Sorag bermäň: başgalar okap biler. Hojaýynyna jaň etmäň.⏎9 Ýene
> 9
< Nomeriňizi çalyşmaň.⏎1 Dowam
> 1
< Indi:⏎1 Maňa jaň ediň⏎2 Ýene okamak⏎0 Tamam
> 2
< Näme boldy?⏎1 Habar ýok⏎2 Jogap ýok⏎3 Gaýdyp geldi⏎4 Maňa jaň ediň
> 3
< Ýanynda boluň. Iýsin, dynç alsyn, özi çözsün. Günälemäň.⏎9 Ýene
> 9
< Näme bolanyny soramaň, aýtsa diňläň.⏎9 Ýene
> 9
< Dymmak, gahar, gorky - adaty zat, geň görmäň.⏎9 Ýene
> 9
< Rugsatsyz hiç kime aýtmaň.⏎9 Ýene
> 9
< Öleýin diýse, ýanynda boluň, 002?, 003? nomerine jaň ediň.⏎1 Dowam
> 1
< Indi:⏎1 Maňa jaň ediň⏎2 Ýene okamak⏎0 Tamam
> 0
< Aman boluň. Howp bolsa: 002?, 003?. Gürleşmek: +99312463514?.

third dials
< 1 Türkmençe⏎2 Turkmence a-z⏎3 Русский⏎4 English⏎8 SOS
> 1
< Nähili kömek edeli?⏎1 Howp⏎2 Maňa jaň ediň⏎3 Saglyk⏎4 Maslahat⏎9 Ýene
> 9
< Ýene:⏎1 Ýakynym üçin⏎2 Haýyşym⏎3 Jaňy bes etmek⏎4 Hünärmenlere
> 1
< Näme boldy?⏎1 Habar ýok⏎2 Jogap ýok⏎3 Gaýdyp geldi⏎4 Maňa jaň ediň
> 4
< Size aladaňyz barada jaň edip bileris.⏎9 Ýene
> 9
< Kim kömek sorady, hiç kime aýtmarys. Hawa-da, ýok-da diýmeris.⏎9 Ýene
> 9
< Şonda her kim gorkman sorar, siz hem.⏎1 Dowam
> 1
< Size jaň edelimi?⏎1 Hawa⏎0 Ýok
> 0
< Aman boluň. Howp bolsa: 002?, 003?. Gürleşmek: +99312463514?.

