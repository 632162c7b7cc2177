# The same in English: by SMS a caller adds the place and the need right after the request is saved.
caller sends: call me
caller gets: Hello. May we call you?⏎1 Yes 0 No
caller sends: yes
caller gets: When is a good time?⏎1 Any time⏎2 Morning⏎3 Afternoon⏎4 Evening⏎5 Tomorrow⏎0 No
caller sends: 4
caller gets: OK. We call and say {ours}, you answer {word}. Delete this text.⏎1 More 0 That is all
caller sends: 1
caller gets: Where are you?⏎1 Bishkek⏎2 Osh city⏎3 Chuy⏎4 Osh region⏎5 Jalal-Abad⏎6 Issyk-Kul⏎7 Naryn⏎9 More⏎0 Skip
caller sends: 9
caller gets: 1 Batken⏎2 Talas⏎9 More⏎0 Skip
caller sends: 2
caller gets: What is it about?⏎1 Work⏎2 Papers⏎3 Health⏎4 A place⏎5 To talk⏎0 Skip
caller sends: 1
caller gets: Thank you. It is saved.
