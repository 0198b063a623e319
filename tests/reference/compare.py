import subprocess,os,sys,shutil,json,glob
sys.path.insert(0,'/work/main/tests/reference')
import figures
from fractions import Fraction
PCF,seed,count=sys.argv[1],sys.argv[2],sys.argv[3]
out=f'/tmp/oracle/{seed}'; shutil.rmtree(out,ignore_errors=True); os.makedirs(out)
subprocess.run([sys.executable,'/work/main/tests/reference/random_ledgers.py',seed,count,out],check=True,stdout=subprocess.DEVNULL)
env={**os.environ,'NO_COLOR':'1'}
base='/tmp/cases/base'
n=bad=ref=0
for d in sorted(os.listdir(out)):
    f=f'{out}/{d}'
    if not os.path.isdir(f): continue
    shutil.copytree(base,f+'/led')
    fail=False
    for c in ['factors.csv','products.csv','activities.csv']:
        if not os.path.exists(f'{f}/{c}'): continue
        p=f'{f}/{c}'; s=open(p).read()
        if c=='activities.csv':
            import unicodedata; s=' '.join(unicodedata.normalize('NFKC',s).split(' ')); s=__import__('re').sub(r' +',' ',s); h,rest=s.split('\n',1); h=','.join(x for x in h.split(',')); p=f'{f}/led/activities.csv'; open(p,'w').write(h+'\n'+rest)
        r=subprocess.run([PCF,'--ledger','l','record',p,'--sign-with','acme.pem'],cwd=f+'/led',capture_output=True,text=True,env=env,stdin=subprocess.DEVNULL)
        if r.returncode: print('RECORD',d,c,(r.stdout+r.stderr)[:700]); fail=True; break
    if fail: continue
    for q in json.load(open(f'{f}/ask.json')):
        a=['--ledger','l','footprint',q['product'],'--period',q['period'],'--format','json']
        if q.get('scenario'): a+=['--scenario',q['scenario']]
        if q.get('batch'): a+=['--batch',q['batch']]
        r=subprocess.run([PCF,*a],cwd=f+'/led',capture_output=True,text=True,env=env,stdin=subprocess.DEVNULL)
        o=figures.calculate(f,q['product'],q['period'],q.get('scenario'),q.get('batch'))
        n+=1
        if 'refused' in o:
            ref+=1
            if r.returncode==0:
                bad+=1; print('ORACLE REFUSES',d,q,o['refused'],o.get('sentences',[''])[0][:200],'| OURS', json.loads(r.stdout)['figures']['gate']['excludingUptake'])
        else:
            if r.returncode!=0:
                bad+=1; print('WE REFUSE',d,q,'oracle',o['gate'],'|',r.stderr[:300])
            else:
                j=json.loads(r.stdout); g=j['figures']['gate']['excludingUptake'] if 'figures' in j else j
                x,y=Fraction(g),Fraction(o['gate'])
                if abs(x-y)>max(Fraction(1,10**15),abs(y)/10**14): bad+=1; print('DIFF',d,q,g,o['gate'])
print('asked',n,'refused',ref,'bad',bad)
