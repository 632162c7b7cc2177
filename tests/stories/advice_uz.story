country UZ
# All advice, in Uzbek.
dial
< 1 O'zbekcha⏎2 Русский⏎3 Ўзбекча⏎4 Тоҷикӣ⏎5 English⏎8 SOS
> 1
< Qanday yordam kerak?⏎1 Xavf⏎2 Menga tel qiling⏎3 Sog'liq⏎4 Maslahat⏎5 Yaqinim uchun⏎9 Yana
> 4
< Maslahat:⏎1 Ish⏎2 Hujjatlar⏎3 Qarz⏎4 Uyga qaytish⏎9 Yana⏎0 Ortga
> 1
< Ish:⏎1 Oylik bermayapti⏎2 Huquqlarim⏎3 Chet elda⏎0 Ortga
> 1
< Shartnomasiz ham ish haqi to'lanishi kerak. Kun, soat, joy, ismlar va va'dalarni yozib qo'ying. Rasm va xabarlarni hech kim topmaydigan joyda saqlang.⏎9 Yana
> 9
< Ko'rganlar bormi? Ularni ham yozing. Shikoyat muddati bor: tezroq so'rang.⏎1 Davom
> 1
< Endi nima?⏎1 Menga tel qiling⏎2 Boshqa maslahat⏎0 Tamom
> 2
< Maslahat:⏎1 Ish⏎2 Hujjatlar⏎3 Qarz⏎4 Uyga qaytish⏎9 Yana⏎0 Ortga
> 1
< Ish:⏎1 Oylik bermayapti⏎2 Huquqlarim⏎3 Chet elda⏎0 Ortga
> 2
< Dam olishga, oylik olishga, ishdan ketishga haqqingiz bor. Pasport o'zingizda tursin.⏎9 Yana
> 9
< Sizni urishga, qamashga, oilangizni qo'rqitishga hech kimning haqqi yo'q. Avval rozi bo'ldingizmi? Endi yo'q desangiz ham bo'ladi.⏎9 Yana
> 9
< Hujjat yo'qmi? Baribir yordam so'rang.⏎1 Davom
> 1
< Endi nima?⏎1 Menga tel qiling⏎2 Boshqa maslahat⏎0 Tamom
> 2
< Maslahat:⏎1 Ish⏎2 Hujjatlar⏎3 Qarz⏎4 Uyga qaytish⏎9 Yana⏎0 Ortga
> 1
< Ish:⏎1 Oylik bermayapti⏎2 Huquqlarim⏎3 Chet elda⏎0 Ortga
> 3
< Qaysi davlat?⏎1 Fors ko'rfazi davlatlari⏎2 Koreya⏎3 Rossiya⏎0 Ortga
> 1
< Fors ko'rfazida viza ish beruvchiga, homiyga bog'liq. Ba'zan homiyni almashtirsa bo'ladi: o'sha yerdagi mehnat vazirligidan so'rang.⏎9 Yana
> 9
< Indamay ketsangiz, qochdi deb xabar berishlari mumkin. Avval elchixonadan so'rang. Pasport sizniki. Oylik bankka tushadi: hamma xabarlarni saqlang.⏎1 Davom
> 1
< Endi nima?⏎1 Menga tel qiling⏎2 Boshqa maslahat⏎0 Tamom
> 2
< Maslahat:⏎1 Ish⏎2 Hujjatlar⏎3 Qarz⏎4 Uyga qaytish⏎9 Yana⏎0 Ortga
> 1
< Ish:⏎1 Oylik bermayapti⏎2 Huquqlarim⏎3 Chet elda⏎0 Ortga
> 3
< Qaysi davlat?⏎1 Fors ko'rfazi davlatlari⏎2 Koreya⏎3 Rossiya⏎0 Ortga
> 2
< Koreyada sizni urishsa yoki oylik berishmasa, ish joyini almashtirsangiz bo'ladi. Ish shartnomadagidek bo'lmasa ham bo'ladi. Urishsa, avval keting.⏎9 Yana
> 9
< Almashtirishdan oldin bandlik markaziga boring: bo'lmasa viza bekor bo'lishi mumkin. Oylik varag'i, xabar, rasmlarni saqlang.⏎9 Yana
> 9
< U yerda ishchilarga ko'p tilda bepul yordam telefonlari bor.⏎1 Davom
> 1
< Endi nima?⏎1 Menga tel qiling⏎2 Boshqa maslahat⏎0 Tamom
> 2
< Maslahat:⏎1 Ish⏎2 Hujjatlar⏎3 Qarz⏎4 Uyga qaytish⏎9 Yana⏎0 Ortga
> 1
< Ish:⏎1 Oylik bermayapti⏎2 Huquqlarim⏎3 Chet elda⏎0 Ortga
> 3
< Qaysi davlat?⏎1 Fors ko'rfazi davlatlari⏎2 Koreya⏎3 Rossiya⏎0 Ortga
> 3
< Rossiya Ichki ishlar vazirligi (MVD) saytida tekshiring: kirish taqiqi bormi, reyestrda bormisiz?⏎9 Yana
> 9
< Reyestrda bo'lsangiz, bank hisobingiz va ishingizni to'xtatishlari mumkin. Shikoyat qilsa bo'ladi: muddat qisqa, yurist kerak.⏎9 Yana
> 9
< Oylik yo'qmi? Mehnat inspeksiyasiga yozing, shartnomasiz ham. Patent cheklarini saqlang.⏎1 Davom
> 1
< Endi nima?⏎1 Menga tel qiling⏎2 Boshqa maslahat⏎0 Tamom
> 2
< Maslahat:⏎1 Ish⏎2 Hujjatlar⏎3 Qarz⏎4 Uyga qaytish⏎9 Yana⏎0 Ortga
> 2
< Nima haqida:⏎1 Pasport⏎2 Davlatim yo'q⏎3 Chegara⏎0 Ortga
> 1
< Pasport sizniki. Hech kim uni olib qo'yishga haqli emas, qarz uchun ham. Faqat xavf bo'lmasa qaytarib so'rang.⏎9 Yana
> 9
< Yo'qoldimi, olib qo'yishdimi? Elchixonadan qaytish guvohnomasini so'rang. Pasport rasmi yoki raqami bo'lsa, yaxshi.⏎1 Davom
> 1
< Endi nima?⏎1 Menga tel qiling⏎2 Boshqa maslahat⏎0 Tamom
> 2
< Maslahat:⏎1 Ish⏎2 Hujjatlar⏎3 Qarz⏎4 Uyga qaytish⏎9 Yana⏎0 Ortga
> 2
< Nima haqida:⏎1 Pasport⏎2 Davlatim yo'q⏎3 Chegara⏎0 Ortga
> 2
< Hech bir davlat sizni o'ziniki demaydimi? Baribir yordam, oylik, shifokor so'rasangiz bo'ladi. Eski qog'ozni saqlang: tug'ilish, maktab, oila, ish.⏎9 Yana
> 9
< Nusxasini ham. Hujjatni kim berishini yordamchi aytadi. O'qimay imzo qo'ymang.⏎1 Davom
> 1
< Endi nima?⏎1 Menga tel qiling⏎2 Boshqa maslahat⏎0 Tamom
> 2
< Maslahat:⏎1 Ish⏎2 Hujjatlar⏎3 Qarz⏎4 Uyga qaytish⏎9 Yana⏎0 Ortga
> 2
< Nima haqida:⏎1 Pasport⏎2 Davlatim yo'q⏎3 Chegara⏎0 Ortga
> 3
< Sizni chegaradan hujjatsiz olib o'tishdimi? Sizning huquqlaringiz bor. Urishga, qamashga, tekin ishlatishga hech kim haqli emas.⏎9 Yana
> 9
< Yo'l qarzi uchun sizni ushlashga hech kim haqli emas. Kasal bo'lsangiz, hujjatsiz ham shifokor so'rang. Davlatdan qo'rqasizmi? Avval bizdan so'rang.⏎9 Yana
> 9
< Qaytish xavflimi? Darrov ayting.⏎1 Davom
> 1
< Endi nima?⏎1 Menga tel qiling⏎2 Boshqa maslahat⏎0 Tamom
> 2
< Maslahat:⏎1 Ish⏎2 Hujjatlar⏎3 Qarz⏎4 Uyga qaytish⏎9 Yana⏎0 Ortga
hang up

other dials
< 1 O'zbekcha⏎2 Русский⏎3 Ўзбекча⏎4 Тоҷикӣ⏎5 English⏎8 SOS
> 1
< Qanday yordam kerak?⏎1 Xavf⏎2 Menga tel qiling⏎3 Sog'liq⏎4 Maslahat⏎5 Yaqinim uchun⏎9 Yana
> 4
< Maslahat:⏎1 Ish⏎2 Hujjatlar⏎3 Qarz⏎4 Uyga qaytish⏎9 Yana⏎0 Ortga
> 3
< Qarz uchun sizni qamashga, majburlab ishlatishga hech kimning haqqi yo'q. Yangi qog'ozga imzo qo'ymang. Ulardan yana qarz olmang.⏎9 Yana
> 9
< Qancha so'rashdi, qancha to'ladingiz, necha kun ishladingiz - yozib qo'ying. Yurist tekshiradi. Qo'rqitishsa, aybdor ular.⏎1 Davom
> 1
< Endi nima?⏎1 Menga tel qiling⏎2 Boshqa maslahat⏎0 Tamom
> 2
< Maslahat:⏎1 Ish⏎2 Hujjatlar⏎3 Qarz⏎4 Uyga qaytish⏎9 Yana⏎0 Ortga
> 4
< Pasport yo'qmi? Elchixonadan qaytish guvohnomasini so'rang. Pul yo'qmi? Ba'zi xizmatlar chiptaga yordam beradi.⏎9 Yana
> 9
< Muddatdan ortiq qoldingizmi? Chegaradan oldin jarima va taqiqni so'rang. Uyga qaytish qo'rqinchlimi? Ayting: boshqa joylar ham bor.⏎1 Davom
> 1
< Endi nima?⏎1 Menga tel qiling⏎2 Boshqa maslahat⏎0 Tamom
> 2
< Maslahat:⏎1 Ish⏎2 Hujjatlar⏎3 Qarz⏎4 Uyga qaytish⏎9 Yana⏎0 Ortga
> 9
< Yana:⏎1 Chet elga⏎2 Majburlash⏎3 Tinchlanish⏎4 18 yoshgacha⏎9 Yana⏎0 Ortga
> 1
< Avval tekshiring:⏎1 Ish beruvchi⏎2 Agentlik⏎3 Viza⏎4 Va'dalar⏎5 Internet⏎0 Ortga
> 1
< Firmaning nomi, manzili, telefonini so'rang. O'zingiz tel qilib ko'ring. U yerda ishlaganlar bilan gaplashing.⏎9 Yana
> 9
< Shartnoma siz biladigan tilda bo'lsin: ish, haq, soat, turar joy. Nusxasini ishongan kishiga qoldiring.⏎1 Davom
> 1
< Endi nima?⏎1 Menga tel qiling⏎2 Boshqa maslahat⏎0 Tamom
> 2
< Maslahat:⏎1 Ish⏎2 Hujjatlar⏎3 Qarz⏎4 Uyga qaytish⏎9 Yana⏎0 Ortga
> 9
< Yana:⏎1 Chet elga⏎2 Majburlash⏎3 Tinchlanish⏎4 18 yoshgacha⏎9 Yana⏎0 Ortga
> 1
< Avval tekshiring:⏎1 Ish beruvchi⏎2 Agentlik⏎3 Viza⏎4 Va'dalar⏎5 Internet⏎0 Ortga
> 2
< Litsenziyasini so'rang, bandlik bo'limida tekshiring. Avval o'qing, keyin imzo qo'ying. Har to'lovga chek oling.⏎9 Yana
> 9
< Pasportni olishsa, shoshirishsa, faqat naqd so'rashsa, yo'q deng.⏎1 Davom
> 1
< Endi nima?⏎1 Menga tel qiling⏎2 Boshqa maslahat⏎0 Tamom
> 2
< Maslahat:⏎1 Ish⏎2 Hujjatlar⏎3 Qarz⏎4 Uyga qaytish⏎9 Yana⏎0 Ortga
> 9
< Yana:⏎1 Chet elga⏎2 Majburlash⏎3 Tinchlanish⏎4 18 yoshgacha⏎9 Yana⏎0 Ortga
> 1
< Avval tekshiring:⏎1 Ish beruvchi⏎2 Agentlik⏎3 Viza⏎4 Va'dalar⏎5 Internet⏎0 Ortga
> 3
< Elchixonadan so'rang: qaysi qog'oz bilan ishlash mumkin? Mehmon yoki turist vizasi ko'pincha yaramaydi.⏎9 Yana
> 9
< Pasport o'zingizda tursin, rasmini uyga qoldiring. U yerda xavf bo'lsa tel qilinadigan raqamni va bir do'st raqamini yodlang.⏎1 Davom
> 1
< Endi nima?⏎1 Menga tel qiling⏎2 Boshqa maslahat⏎0 Tamom
> 2
< Maslahat:⏎1 Ish⏎2 Hujjatlar⏎3 Qarz⏎4 Uyga qaytish⏎9 Yana⏎0 Ortga
> 9
< Yana:⏎1 Chet elga⏎2 Majburlash⏎3 Tinchlanish⏎4 18 yoshgacha⏎9 Yana⏎0 Ortga
> 1
< Avval tekshiring:⏎1 Ish beruvchi⏎2 Agentlik⏎3 Viza⏎4 Va'dalar⏎5 Internet⏎0 Ortga
> 4
< Oylik juda katta yoki shartnoma yo'q bo'lsa, ehtiyot bo'ling. Bugun ket, keyin to'laysan, hech kimga aytma deyishsa ham ehtiyot bo'ling.⏎9 Yana
> 9
< Do'st, qarindosh ham adashishi mumkin. Yo'lda ish o'zgardimi? Iloji bo'lsa, to'xtang.⏎9 Yana
> 9
< Uydagilar bilan bitta so'zni kelishib oling: u aytilsa, yordam kerak.⏎1 Davom
> 1
< Endi nima?⏎1 Menga tel qiling⏎2 Boshqa maslahat⏎0 Tamom
> 2
< Maslahat:⏎1 Ish⏎2 Hujjatlar⏎3 Qarz⏎4 Uyga qaytish⏎9 Yana⏎0 Ortga
> 9
< Yana:⏎1 Chet elga⏎2 Majburlash⏎3 Tinchlanish⏎4 18 yoshgacha⏎9 Yana⏎0 Ortga
> 1
< Avval tekshiring:⏎1 Ish beruvchi⏎2 Agentlik⏎3 Viza⏎4 Va'dalar⏎5 Internet⏎0 Ortga
> 5
< Ish Telegram, Instagram orqalimi? Ish joyidan video so'rang. Chiptani ular olsa yoki yo'l uchinchi davlat orqali bo'lsa, ehtiyot bo'ling.⏎9 Yana
> 9
< Telefonni bering deyishsa, bormang. Rasmingiz bilan qo'rqitishsa: to'lamang, xabarlarni saqlang.⏎9 Yana
> 9
< Internetda odamlarni aldashga majburlashdimi? Sizga ham yordam bor.⏎1 Davom
> 1
< Endi nima?⏎1 Menga tel qiling⏎2 Boshqa maslahat⏎0 Tamom
> 2
< Maslahat:⏎1 Ish⏎2 Hujjatlar⏎3 Qarz⏎4 Uyga qaytish⏎9 Yana⏎0 Ortga
> 9
< Yana:⏎1 Chet elga⏎2 Majburlash⏎3 Tinchlanish⏎4 18 yoshgacha⏎9 Yana⏎0 Ortga
> 2
< Nimaga majburlashadi:⏎1 Nikoh⏎2 Armiya⏎3 Seks⏎4 Tekin ish⏎0 Ortga
> 1
< Olib qochishdimi, nikohga majburlashyaptimi? Rad etsangiz bo'ladi, bir kechadan keyin ham. Olib qochish - jinoyat. Sizda ayb yo'q.⏎9 Yana
> 9
< Xavfsiz bo'lsa, odamlar oldida ayting: men rozi emasman. Uyga tel qilishni so'rang. Xavf bo'lsa: 102?, 103?. Tunash joyini yordamchidan so'rang.⏎1 Davom
> 1
< Endi nima?⏎1 Menga tel qiling⏎2 Boshqa maslahat⏎0 Tamom
> 2
< Maslahat:⏎1 Ish⏎2 Hujjatlar⏎3 Qarz⏎4 Uyga qaytish⏎9 Yana⏎0 Ortga
hang up

third dials
< 1 O'zbekcha⏎2 Русский⏎3 Ўзбекча⏎4 Тоҷикӣ⏎5 English⏎8 SOS
> 1
< Qanday yordam kerak?⏎1 Xavf⏎2 Menga tel qiling⏎3 Sog'liq⏎4 Maslahat⏎5 Yaqinim uchun⏎9 Yana
> 4
< Maslahat:⏎1 Ish⏎2 Hujjatlar⏎3 Qarz⏎4 Uyga qaytish⏎9 Yana⏎0 Ortga
> 9
< Yana:⏎1 Chet elga⏎2 Majburlash⏎3 Tinchlanish⏎4 18 yoshgacha⏎9 Yana⏎0 Ortga
> 2
< Nimaga majburlashadi:⏎1 Nikoh⏎2 Armiya⏎3 Seks⏎4 Tekin ish⏎0 Ortga
> 2
< Armiyaga imzo qo'y, yo'qsa hujjatsiz qolasan deyishadimi? Tushunmasangiz, imzo qo'ymang. Tarjimon, yurist, konsul so'rang.⏎9 Yana
> 9
< Xavfsiz bo'lsa, ayting: rozi emasman. Kim, qayerda, qachon talab qildi - yozing. Imzo qo'ydingizmi? Tezroq yordamchidan so'rang.⏎9 Yana
> 9
< Boshqa davlat uchun urushish o'z yurtingizda jinoyat bo'lishi mumkin.⏎1 Davom
> 1
< Endi nima?⏎1 Menga tel qiling⏎2 Boshqa maslahat⏎0 Tamom
> 2
< Maslahat:⏎1 Ish⏎2 Hujjatlar⏎3 Qarz⏎4 Uyga qaytish⏎9 Yana⏎0 Ortga
> 9
< Yana:⏎1 Chet elga⏎2 Majburlash⏎3 Tinchlanish⏎4 18 yoshgacha⏎9 Yana⏎0 Ortga
> 2
< Nimaga majburlashadi:⏎1 Nikoh⏎2 Armiya⏎3 Seks⏎4 Tekin ish⏎0 Ortga
> 3
< Sizni jinsiy aloqaga majburlashga hech kim haqli emas. Qarz, hujjat, ish uchun ham haqli emas. Pul olgan bo'lsangiz ham, sizda ayb yo'q.⏎9 Yana
> 9
< Ayolga ham, erkakka ham, hammaga shunday. Og'riq, kasallik, homila bormi? Sog'liq bo'limini ko'ring. Hammasini aytish shart emas.⏎1 Davom
> 1
< Endi nima?⏎1 Menga tel qiling⏎2 Boshqa maslahat⏎0 Tamom
> 2
< Maslahat:⏎1 Ish⏎2 Hujjatlar⏎3 Qarz⏎4 Uyga qaytish⏎9 Yana⏎0 Ortga
> 9
< Yana:⏎1 Chet elga⏎2 Majburlash⏎3 Tinchlanish⏎4 18 yoshgacha⏎9 Yana⏎0 Ortga
> 2
< Nimaga majburlashadi:⏎1 Nikoh⏎2 Armiya⏎3 Seks⏎4 Tekin ish⏎0 Ortga
> 4
< Tilanchilikka, paxtaga, mol boqishga majburlashadimi? Uyda tekin ishlatishadimi, bola boqtirishadimi? Bu majburiy mehnat: qarindoshga ham, davlatga ham.⏎9 Yana
> 9
< Ovqat va joy oylik emas. Sizda ayb yo'q. Kunlarni, ismlarni yozib, yashirib qo'ying. Har qanday yoshda yolg'iz o'zingiz so'rasangiz bo'ladi.⏎1 Davom
> 1
< Endi nima?⏎1 Menga tel qiling⏎2 Boshqa maslahat⏎0 Tamom
> 2
< Maslahat:⏎1 Ish⏎2 Hujjatlar⏎3 Qarz⏎4 Uyga qaytish⏎9 Yana⏎0 Ortga
> 9
< Yana:⏎1 Chet elga⏎2 Majburlash⏎3 Tinchlanish⏎4 18 yoshgacha⏎9 Yana⏎0 Ortga
> 3
< Hozir:⏎1 Tinchlanish⏎2 O'zimni asrash⏎3 Qotib qolish⏎0 Ortga
> 1
< Sizda ayb yo'q. Oyog'ingiz yerda turganini sezing. Nafasni sekin, olgandan uzoq chiqaring. Ko'ringan besh narsani ayting. Mehribon odam yoniga o'tiring.⏎9 Yana
> 9
< O'lim xayolingizga kelyaptimi? Yolg'iz qolmang, 103? raqamiga tel qiling.⏎1 Davom
> 1
< Endi nima?⏎1 Menga tel qiling⏎2 Boshqa maslahat⏎0 Tamom
> 2
< Maslahat:⏎1 Ish⏎2 Hujjatlar⏎3 Qarz⏎4 Uyga qaytish⏎9 Yana⏎0 Ortga
> 9
< Yana:⏎1 Chet elga⏎2 Majburlash⏎3 Tinchlanish⏎4 18 yoshgacha⏎9 Yana⏎0 Ortga
> 3
< Hozir:⏎1 Tinchlanish⏎2 O'zimni asrash⏎3 Qotib qolish⏎0 Ortga
> 2
< Ikkita chiqish yo'lini va qayerga borishni o'ylab qo'ying. Hujjat, pul, bir raqam qo'l yetadigan joyda tursin.⏎9 Yana
> 9
< Bitta so'zni kelishib oling: u aytilsa, yordam chaqirishsin. Yomonlashsa, narsalarni qoldirib keting. Xavf bo'lsa: 102?, 103?.⏎1 Davom
> 1
< Endi nima?⏎1 Menga tel qiling⏎2 Boshqa maslahat⏎0 Tamom
> 2
< Maslahat:⏎1 Ish⏎2 Hujjatlar⏎3 Qarz⏎4 Uyga qaytish⏎9 Yana⏎0 Ortga
> 9
< Yana:⏎1 Chet elga⏎2 Majburlash⏎3 Tinchlanish⏎4 18 yoshgacha⏎9 Yana⏎0 Ortga
> 3
< Hozir:⏎1 Tinchlanish⏎2 O'zimni asrash⏎3 Qotib qolish⏎0 Ortga
> 3
< Qimirlay, gapira, qocha olmadingizmi? Bu tananing ishi, rozilik emas. Bu zaiflik emas: tana omon qolish uchun qotib qoladi.⏎9 Yana
> 9
< Erkak, ayol, bolada ham bo'ladi. Sizda ayb yo'q. Qaytalansa: sekin nafas chiqaring, ko'rganingizni ayting. Bu o'tib ketadi.⏎1 Davom
> 1
< Endi nima?⏎1 Menga tel qiling⏎2 Boshqa maslahat⏎0 Tamom
> 2
< Maslahat:⏎1 Ish⏎2 Hujjatlar⏎3 Qarz⏎4 Uyga qaytish⏎9 Yana⏎0 Ortga
> 9
< Yana:⏎1 Chet elga⏎2 Majburlash⏎3 Tinchlanish⏎4 18 yoshgacha⏎9 Yana⏎0 Ortga
> 4
< 18 yoshgacha:⏎1 Yordam so'rash⏎2 Meni berib yuborishdi⏎0 Ortga
> 1
< Bir o'zingiz so'rasangiz bo'ladi. Ota-ona shart emas. Oila yuborsa ham, sovg'a olsangiz ham, aybingiz yo'q. Faqat xohlaganingizni ayting.⏎9 Yana
> 9
< Bola xavfda bo'lsa, ba'zilar boshqalarga aytishga majbur: kimga aytishini avval so'rang.⏎1 Davom
> 1
< Endi nima?⏎1 Menga tel qiling⏎2 Boshqa maslahat⏎0 Tamom
> 2
< Maslahat:⏎1 Ish⏎2 Hujjatlar⏎3 Qarz⏎4 Uyga qaytish⏎9 Yana⏎0 Ortga
hang up

fourth dials
< 1 O'zbekcha⏎2 Русский⏎3 Ўзбекча⏎4 Тоҷикӣ⏎5 English⏎8 SOS
> 1
< Qanday yordam kerak?⏎1 Xavf⏎2 Menga tel qiling⏎3 Sog'liq⏎4 Maslahat⏎5 Yaqinim uchun⏎9 Yana
> 4
< Maslahat:⏎1 Ish⏎2 Hujjatlar⏎3 Qarz⏎4 Uyga qaytish⏎9 Yana⏎0 Ortga
> 9
< Yana:⏎1 Chet elga⏎2 Majburlash⏎3 Tinchlanish⏎4 18 yoshgacha⏎9 Yana⏎0 Ortga
> 4
< 18 yoshgacha:⏎1 Yordam so'rash⏎2 Meni berib yuborishdi⏎0 Ortga
> 2
< Bolaligingizda sotishganmi, berib yuborishganmi? Siz yomon ish qilmagansiz. Oila hal qilgan bo'lsa ham, buni siz tanlamagansiz.⏎9 Yana
> 9
< Asli qayerdan ekaningizni bilsa bo'ladi: eski qog'ozlar topiladi. Qaytish ham, kechirish ham shart emas. Yolg'iz o'zingiz so'rasangiz bo'ladi.⏎9 Yana
> 9
< Avval so'rang: kimga aytadi?⏎1 Davom
> 1
< Endi nima?⏎1 Menga tel qiling⏎2 Boshqa maslahat⏎0 Tamom
> 2
< Maslahat:⏎1 Ish⏎2 Hujjatlar⏎3 Qarz⏎4 Uyga qaytish⏎9 Yana⏎0 Ortga
> 9
< Yana:⏎1 Chet elga⏎2 Majburlash⏎3 Tinchlanish⏎4 18 yoshgacha⏎9 Yana⏎0 Ortga
> 9
< Yana:⏎1 Telefon⏎2 Kimga boray?⏎0 Ortga
> 1
< Tergan raqamingiz qo'ng'iroqlar ro'yxatida qolishi mumkin, SMS ham qoladi. Faqat shularni o'chiring: bo'sh ro'yxat shubha uyg'otadi.⏎9 Yana
> 9
< Telefon kompaniyasi terganingizni ko'rishi mumkin. Oxirgi ekranni tugma bilan yoping. Telefon umumiymi? Boshqasi yaxshiroq.⏎1 Davom
> 1
< Endi nima?⏎1 Menga tel qiling⏎2 Boshqa maslahat⏎0 Tamom
> 2
< Maslahat:⏎1 Ish⏎2 Hujjatlar⏎3 Qarz⏎4 Uyga qaytish⏎9 Yana⏎0 Ortga
> 9
< Yana:⏎1 Chet elga⏎2 Majburlash⏎3 Tinchlanish⏎4 18 yoshgacha⏎9 Yana⏎0 Ortga
> 9
< Yana:⏎1 Telefon⏎2 Kimga boray?⏎0 Ortga
> 2
< Kim haqida:⏎1 Jamoat tashkiloti⏎2 Davlat ishonch telefoni⏎3 Militsiya⏎4 Kasalxona⏎5 Elchixona⏎0 Ortga
> 1
< Jamoat tashkiloti odamlarga yordam beradi, u davlatniki emas. Ko'pincha bepul. So'rash uchun ism aytish shart emas.⏎9 Yana
> 9
< Odatda faqat siz rozi bo'lsangiz yoki qonun talab qilsa, boshqaga aytadi. Kimga aytishini, nima yozishini avval so'rang.⏎1 Davom
> 1
< Endi nima?⏎1 Menga tel qiling⏎2 Boshqa maslahat⏎0 Tamom
> 2
< Maslahat:⏎1 Ish⏎2 Hujjatlar⏎3 Qarz⏎4 Uyga qaytish⏎9 Yana⏎0 Ortga
> 9
< Yana:⏎1 Chet elga⏎2 Majburlash⏎3 Tinchlanish⏎4 18 yoshgacha⏎9 Yana⏎0 Ortga
> 9
< Yana:⏎1 Telefon⏎2 Kimga boray?⏎0 Ortga
> 2
< Kim haqida:⏎1 Jamoat tashkiloti⏎2 Davlat ishonch telefoni⏎3 Militsiya⏎4 Kasalxona⏎5 Elchixona⏎0 Ortga
> 2
< Davlat ishonch telefoni yordam berishi mumkin, lekin raqamingizni yozib, militsiyaga aytishi mumkin.⏎9 Yana
> 9
< Ba'zan sizga yomonlik qilgan odam bilan gaplashishadi. Ism aytishdan oldin so'rang: kimga aytasiz? U bilan gaplashasizmi? To'xtata olamanmi?⏎1 Davom
> 1
< Endi nima?⏎1 Menga tel qiling⏎2 Boshqa maslahat⏎0 Tamom
> 2
< Maslahat:⏎1 Ish⏎2 Hujjatlar⏎3 Qarz⏎4 Uyga qaytish⏎9 Yana⏎0 Ortga
> 9
< Yana:⏎1 Chet elga⏎2 Majburlash⏎3 Tinchlanish⏎4 18 yoshgacha⏎9 Yana⏎0 Ortga
> 9
< Yana:⏎1 Telefon⏎2 Kimga boray?⏎0 Ortga
> 2
< Kim haqida:⏎1 Jamoat tashkiloti⏎2 Davlat ishonch telefoni⏎3 Militsiya⏎4 Kasalxona⏎5 Elchixona⏎0 Ortga
> 3
< Xavf bo'lsa, militsiya kelishi mumkin. Ismingizni yozadi, hujjat tekshirishi, yomonlik qilgan odam bilan gaplashishi mumkin.⏎9 Yana
> 9
< Tarjimon va yurist so'rasangiz bo'ladi. Hujjat yo'qmi? Iloji bo'lsa, avval bizdan so'rang.⏎1 Davom
> 1
< Endi nima?⏎1 Menga tel qiling⏎2 Boshqa maslahat⏎0 Tamom
> 2
< Maslahat:⏎1 Ish⏎2 Hujjatlar⏎3 Qarz⏎4 Uyga qaytish⏎9 Yana⏎0 Ortga
> 9
< Yana:⏎1 Chet elga⏎2 Majburlash⏎3 Tinchlanish⏎4 18 yoshgacha⏎9 Yana⏎0 Ortga
> 9
< Yana:⏎1 Telefon⏎2 Kimga boray?⏎0 Ortga
> 2
< Kim haqida:⏎1 Jamoat tashkiloti⏎2 Davlat ishonch telefoni⏎3 Militsiya⏎4 Kasalxona⏎5 Elchixona⏎0 Ortga
> 4
< Kasalxona ism va hujjat so'rashi mumkin. Yara yoki bola bo'lsa, militsiyaga aytishi mumkin. Qancha turishini, kimga aytishini avval so'rang.⏎9 Yana
> 9
< Olib kelgan odamsiz gaplashaman deng. Hayot xavfdami? Baribir boring.⏎1 Davom
> 1
< Endi nima?⏎1 Menga tel qiling⏎2 Boshqa maslahat⏎0 Tamom
> 2
< Maslahat:⏎1 Ish⏎2 Hujjatlar⏎3 Qarz⏎4 Uyga qaytish⏎9 Yana⏎0 Ortga
> 9
< Yana:⏎1 Chet elga⏎2 Majburlash⏎3 Tinchlanish⏎4 18 yoshgacha⏎9 Yana⏎0 Ortga
> 9
< Yana:⏎1 Telefon⏎2 Kimga boray?⏎0 Ortga
> 2
< Kim haqida:⏎1 Jamoat tashkiloti⏎2 Davlat ishonch telefoni⏎3 Militsiya⏎4 Kasalxona⏎5 Elchixona⏎0 Ortga
> 5
< Elchixona uyga qaytishga qog'oz berishi mumkin. Kimligingizni so'raydi, yurtingizdagi idoraga yoki oilangizga aytishi mumkin.⏎9 Yana
> 9
< Kimga aytishini, qancha turishini avval so'rang. O'z davlatingizdan qo'rqasizmi? Elchixonadan emas, bizdan so'rang.⏎1 Davom
> 1
< Endi nima?⏎1 Menga tel qiling⏎2 Boshqa maslahat⏎0 Tamom
> 2
< Maslahat:⏎1 Ish⏎2 Hujjatlar⏎3 Qarz⏎4 Uyga qaytish⏎9 Yana⏎0 Ortga
hang up
