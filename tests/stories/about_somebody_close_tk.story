country TM
# For the family of somebody, in Turkmen. Nobody learns whether anybody called (R25). Five keys store a request. Held by
# force is urgent: the numbers at once, and six keys.
dial
< 1 Türkmençe⏎2 Turkmence a-z⏎3 Русский⏎4 English⏎5 O'zbekcha⏎8 SOS
> 1
< Kömek:⏎1 Howp⏎2 Maňa jaň ediň⏎3 Saglyk⏎4 Maslahat⏎5 Ýakynyma⏎9 Ýene
> 5
< Näme boldy?⏎1 Gabadylar⏎2 Habar ýok⏎3 Maňa jaň ediň⏎9 Ýene⏎0 Yza
> 1
< Polisiýa 002? 02?, lukman 003? 03?.⏎1 Maňa jaň ediň⏎2 Näme diýmeli⏎0 <
> 1
< Jaň ederis. Nomer bir wagtda bir gullukda, iň köp 30 gün⏎{on} Dowam 0 Ýok
> {on}
< Bes etmek üçin täzeden aýlaň. Haçan jaň edeli?⏎1 Häzir⏎2 Soňrak⏎0 Ýok
> 1
< Ýazyldy. {code} ýat tutuň. {ours} diýsek, siz {word}.⏎1 Dowam 0 Tamam
> 1
< Bizden kim kömek sorady, kim soramady - hiç kime aýtmarys.⏎1 Dowam
> 1
< Ol adam nirede?⏎1 Mary⏎2 Daşoguz⏎3 Lebap⏎4 Aşgabat⏎9 Ýene⏎0 Geçmek
hang up
tm-coordinator-1 gets: ОПАСНО: место неясно, TK, нужно: неясно, СЕЙЧАС. Проследите, чтобы служба позвонила.
tm-country gets: Request: place not said, TK, DANGER, age not said, about someone close, NOW. NO/YES {offer}

# What to say to the police, and back to the numbers.
other dials
< 1 Türkmençe⏎2 Turkmence a-z⏎3 Русский⏎4 English⏎5 O'zbekcha⏎8 SOS
> 1
< Kömek:⏎1 Howp⏎2 Maňa jaň ediň⏎3 Saglyk⏎4 Maslahat⏎5 Ýakynyma⏎9 Ýene
> 5
< Näme boldy?⏎1 Gabadylar⏎2 Habar ýok⏎3 Maňa jaň ediň⏎9 Ýene⏎0 Yza
> 1
< Polisiýa 002? 02?, lukman 003? 03?.⏎1 Maňa jaň ediň⏎2 Näme diýmeli⏎0 <
> 2
< Aýdyň: adamy zor bilen saklaýarlar.⏎9 Ýene
> 9
< Nirede, haçandan bäri, ýanynda kim bar?⏎9 Ýene
> 9
< Hemmesini bilmeseňiz-de, jaň ediň.⏎9 Ýene
> 9
< Başga ýurtda: şol ýeriň polisiýasyna, konsullygymyza jaň ediň.⏎9 Ýene
> 9
< Özüňiz barmaň, hojaýynyna duýdurmaň.⏎1 Dowam
> 1
< Başga ýurtdamy? Nirede?⏎1 Russiýa⏎2 Gazagystan⏎3 Türkiýe⏎9 Ýene⏎0 Ýok
> 0
< Polisiýa 002? 02?, lukman 003? 03?.⏎1 Maňa jaň ediň⏎2 Näme diýmeli⏎0 <
> 0
< Özüňiz barmaň, hojaýynyna duýdurmaň.⏎1 Dowam
hang up

# The lines, our embassy in one country, and in another where none is known. No request is made.
third dials
> 1
< Kömek:⏎1 Howp⏎2 Maňa jaň ediň⏎3 Saglyk⏎4 Maslahat⏎5 Ýakynyma⏎9 Ýene
> 5
< Näme boldy?⏎1 Gabadylar⏎2 Habar ýok⏎3 Maňa jaň ediň⏎9 Ýene⏎0 Yza
> 9
< Ýene:⏎1 Jogap ýok⏎2 Gaýdyp geldi⏎3 Nomerler⏎4 Kömek gulluklary⏎0 Yza
> 3
< Gürleşmek +99312463514?.⏎9 Ýene
> 9
< Ilki soraň: kime aýdarlar? Howp bolsa: 002?, 003?.⏎1 Dowam
> 1
< Başga ýurtdamy? Nirede?⏎1 Russiýa⏎2 Gazagystan⏎3 Türkiýe⏎9 Ýene⏎0 Ýok
> 3
< Türkiýe: konsulymyz +903124417122?, kömek 112?.⏎9 Ýene
> 0
< Başga ýurtdamy? Nirede?⏎1 Russiýa⏎2 Gazagystan⏎3 Türkiýe⏎9 Ýene⏎0 Ýok
> 1
< Russiýa: kömek 112?.⏎9 Ýene
> 9
< Ähli ilçihanalar - Daşary işler ministrliginiň saýtynda.⏎9 Ýene
> 9
< Adam nirede, haçandan bäri - aýdyň. Ilki soraň: kime aýdarlar?⏎1 Dowam
> 1
< Indi näme?⏎1 Maňa jaň ediň⏎2 Ýene okamak⏎0 Tamam

# Somebody is missing: after the advice a call is one key away.
fourth dials
> 1
> 5
> 2
< Özüňiz üçin ýazyň: soňky gezek haçan gürleşdiňiz?⏎9 Ýene
> 9
< Nirä, kim bilen gitdi? Kime işleýär, haýsy nomerler bar?⏎9 Ýene
> 9
< Habarlary saklaň. Ilçihana ýa polisiýa gözläp biler.⏎9 Ýene
> 9
< Nähili gözlejegini öňünden soraň. Nätanyşa pul bermäň.⏎9 Ýene
> 9
< Suratyny paýlaşmaň. Käbir adam tapylmak islemeýär.⏎1 Dowam
> 1
< Indi näme?⏎1 Maňa jaň ediň⏎2 Ýene okamak⏎0 Tamam
> 1
< Jaň ederis. Nomer bir wagtda bir gullukda, iň köp 30 gün⏎{next} Dowam 0 Ýok
hang up

fifth dials
> 1
> 5
> 9
> 1
< Jogap ýokmy?⏎9 Ýene
> 9
< Belki işde, telefony ýok, gorkýar ýa asudalyk gerek.⏎9 Ýene
> 9
< Bir mylaýym habar ýazyň: sen ýadymda, boşan wagtyň jaň et.⏎9 Ýene
> 9
< Sorag bermäň: başgalar okap biler. Hojaýynyna jaň etmäň.⏎9 Ýene
> 9
< Nomeriňizi çalyşmaň.⏎1 Dowam
> 1
< Indi näme?⏎1 Maňa jaň ediň⏎2 Ýene okamak⏎0 Tamam
> 2
< Näme boldy?⏎1 Gabadylar⏎2 Habar ýok⏎3 Maňa jaň ediň⏎9 Ýene⏎0 Yza
> 9
< Ýene:⏎1 Jogap ýok⏎2 Gaýdyp geldi⏎3 Nomerler⏎4 Kömek gulluklary⏎0 Yza
> 2
< Ýanynda boluň. Iýsin, dynç alsyn, özi çözsün. Günälemäň.⏎9 Ýene
> 9
< Näme bolanyny soramaň, aýtsa diňläň.⏎9 Ýene
> 9
< Dymmak, gahar, gorky - adaty zat, geň görmäň.⏎9 Ýene
> 9
< Özi razy bolmasa, hiç kime aýtmaň.⏎9 Ýene
> 9
< Öleýin diýse, ýanynda boluň, 003? nomerine jaň ediň.⏎1 Dowam
> 1
< Indi näme?⏎1 Maňa jaň ediň⏎2 Ýene okamak⏎0 Tamam
> 0
< Aman boluň. Howp bolsa: 002?, 003?. Gürleşmek: +99312463514?.

# A call about a worry: five keys. What may be added holds no age and no sex.
seventh dials
> 1
> 5
> 3
< Jaň ederis. Nomer bir wagtda bir gullukda, iň köp 30 gün⏎{seventh} Dowam 0 Ýok
> {seventh}
< Bes etmek: menýuda. Jaň:⏎1 Gün boýy⏎2 Irden⏎3 Gündiz⏎4 Agşam⏎0 Ýok
> 1
< Ýazyldy. {another} ýat tutuň. {its} diýsek, siz {third}.⏎1 Dowam 0 Tamam
> 1
< Bizden kim kömek sorady, kim soramady - hiç kime aýtmarys.⏎1 Dowam
> 1
< Ol adam nirede?⏎1 Mary⏎2 Daşoguz⏎3 Lebap⏎4 Aşgabat⏎9 Ýene⏎0 Geçmek
> 0
< Nähili kömek gerek?⏎1 Tapmak, getirmek⏎2 Aklawçy⏎3 Gürleşmek⏎0 Geçmek
> 0
< Jaňa başga adam jogap berse, gürleşelimi?⏎1 Hawa⏎0 Ýok
> 0
< Habar goýsak bolarmy?⏎1 Hawa⏎0 Ýok
> 0
< Başgalara kimdigimizi aýtsak bolarmy?⏎2 Hawa⏎0 Ýok
> 0
< Size SMS ýazsak bolarmy?⏎1 Hawa⏎0 Ýok
> 0
< Ilki biz {its}, soň siz {third}. Başga söz? Kesiň.⏎1 Dowam 0 Tamam
> 1
< Howplumy? Ýalňyş jaň etdiňiz diýiň. Biz keseris.⏎1 Dowam⏎0 Tamam
> 1
< Ýazyldy. Ýene?⏎1 Günler⏎2 Kim jaň eder⏎3 Kim diýeli⏎9 Ýene⏎0 Tamam
> 9
< Ýazyldy. Ýene?⏎1 Döwlet telefony⏎2 Mugtmy?⏎3 Başga nomer⏎0 Tamam
> 2
< Öz ýurduňyzda jaň mugt. Telefonda nomer görner.⏎1 Dowam⏎0 Yza
> 1
< Ýazyldy. Ýene?⏎1 Döwlet telefony⏎2 Mugtmy?⏎3 Başga nomer⏎0 Tamam
> 3
< Haýsy nomere jaň edeli? Ýazyň.⏎0 Geçmek
> 0
< Ýazyldy. Ýene?⏎1 Döwlet telefony⏎2 Mugtmy?⏎3 Başga nomer⏎0 Tamam
> 1
< Döwlet telefony kimdigiňizi ýazyp, polisiýa aýdyp biler.⏎1 Dowam⏎0 Ýok
> 0
< Ýazyldy. Ýene?⏎1 Döwlet telefony⏎2 Mugtmy?⏎3 Başga nomer⏎0 Tamam
> 0
< Jaň ederis: 24.11 09:00-21:00. Bes etmek: täzeden aýlaň.
